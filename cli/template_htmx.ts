/**
 * The template of an app whose server makes the pages, and parts of them for htmx.
 *
 * @module
 */
import appPy from "./templates/htmx/app.py" with { type: "text" };
import helloHtml from "./templates/htmx/hello.html" with { type: "text" };
import indexHtml from "./templates/htmx/index.html" with { type: "text" };
import main from "./templates/htmx/main.ts.txt" with { type: "text" };
import server from "./templates/htmx/server.ts.txt" with { type: "text" };
import serverHono from "./templates/htmx/server_hono.ts.txt" with { type: "text" };
import testBun from "./templates/htmx/server_test_bun.ts.txt" with { type: "text" };
import testDeno from "./templates/htmx/server_test_deno.ts.txt" with { type: "text" };
import testPy from "./templates/htmx/test_app.py" with { type: "text" };
import views from "./templates/htmx/views.ts.txt" with { type: "text" };
import vitePy from "./templates/htmx/vite.py" with { type: "text" };
import { scriptPath } from "./script_path.ts";
import type { Answers, Template } from "./template.ts";
import { apiRefusals } from "./template_refusals.ts";
import { styleOf } from "./template_shared.ts";
import { HTMX_TOOLS } from "./template_tools.ts";

/** htmx and Alpine. */
export const HTMX: Template = {
  name: "htmx",
  title: "htmx and Alpine, pages by the server",
  kind: "htmx",
  refusals: (answers) => [...apiRefusals("htmx", answers), ...ssrRefusals(answers)],
  parts(answers) {
    const entry = answers.typescript ? "src/main.ts" : scriptPath("src/main.ts");
    return {
      ...HTMX_TOOLS(answers),
      files: { "src/main.ts": main, "src/style.css": styleOf(answers), ...serverOf(answers) },
      // There is no index.html to start from.
      viteConfig: `\n  build: { manifest: true, rolldownOptions: { input: ${
        JSON.stringify(entry)
      } } },`,
      config: { mode: "htmx", assetUrl: "/static/" },
      usesSidecar: answers.backend === "deno" || answers.backend === "bun",
      ownServer: true,
      edit: answers.backend === "litestar" ? "templates/index.html" : "views.ts",
    };
  },
};

function ssrRefusals({ ssr }: Answers): readonly string[] {
  return ssr
    ? ['Cannot use "--ssr" with the template "htmx": its server makes every page already']
    : [];
}

function serverOf({ backend, runtime }: Answers): Readonly<Record<string, string>> {
  if (backend === "litestar") {
    return {
      "app.py": appPy,
      "vite.py": vitePy,
      "test_app.py": testPy,
      "templates/index.html": indexHtml,
      "templates/hello.html": helloHtml,
    };
  }
  return {
    "server.ts": backend === "hono" ? serverHono : server,
    "views.ts": views,
    ...(runtime === "deno" ? { "server_test.ts": testDeno } : { "server.test.ts": testBun }),
  };
}
