/** Astro behind the port, in a real browser: pages, endpoints, forms, reloads, a restart, and what it builds. */
import { frameworkTests } from "../_support/framework_scenarios.ts";

frameworkTests({
  name: "astro",
  source: "astro",
  page: "src/pages/index.astro",
  // Astro itself reloads the page when its markup changes.
  keepsDocument: false,
  config: "astro.config.ts",
  from: "Astro",
  echo: {
    "src/pages/echo.ts": `import type { APIRoute } from "astro";
export const POST: APIRoute = async ({ request }) =>
  new Response(String((await request.formData()).get("word")));
`,
  },
});
