/** SvelteKit behind the port, in a real browser: pages, endpoints, forms, HMR, a restart, and what it builds. */
import { frameworkTests } from "../_support/framework_scenarios.ts";

frameworkTests({
  name: "sveltekit",
  source: "sveltekit",
  page: "src/routes/+page.svelte",
  keepsDocument: true,
  config: "vite.config.ts",
  from: "SvelteKit",
  echo: {
    "src/routes/echo/+server.ts": `export async function POST({ request }: { request: Request }) {
  return new Response(String((await request.formData()).get("word")));
}
`,
  },
});
