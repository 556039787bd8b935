/** Nuxt behind the port, in a real browser: pages, endpoints, forms, HMR, a restart, and what it builds. */
import { frameworkTests } from "../_support/framework_scenarios.ts";

frameworkTests({
  name: "nuxt",
  source: "nuxt",
  page: "app/app.vue",
  keepsDocument: true,
  config: "nuxt.config.ts",
  from: "Nuxt",
  echo: {
    "server/routes/echo.post.ts": `export default defineEventHandler(async (event) => {
  const form = await readFormData(event);
  return String(form.get("word"));
});
`,
  },
});
