/**
 * Templates of apps whose server names the page and gives its props.
 *
 * @module
 */
import appPy from "./templates/inertia/app.py" with { type: "text" };
import inertiaPy from "./templates/inertia/inertia.py" with { type: "text" };
import pages from "./templates/inertia/pages.ts.txt" with { type: "text" };
import server from "./templates/inertia/server.ts.txt" with { type: "text" };
import serverHono from "./templates/inertia/server_hono.ts.txt" with { type: "text" };
import testBun from "./templates/inertia/server_test_bun.ts.txt" with { type: "text" };
import testDeno from "./templates/inertia/server_test_deno.ts.txt" with { type: "text" };
import testPy from "./templates/inertia/test_app.py" with { type: "text" };
import reactAbout from "./templates/react-inertia/About.tsx.txt" with { type: "text" };
import reactHome from "./templates/react-inertia/Home.tsx.txt" with { type: "text" };
import reactMain from "./templates/react-inertia/main.tsx.txt" with { type: "text" };
import reactMissing from "./templates/react-inertia/Missing.tsx.txt" with { type: "text" };
import reactResolve from "./templates/react-inertia/resolve_page.ts.txt" with { type: "text" };
import reactSsr from "./templates/react-inertia/ssr.tsx.txt" with { type: "text" };
import svelteAbout from "./templates/svelte-inertia/About.svelte" with { type: "text" };
import svelteHome from "./templates/svelte-inertia/Home.svelte" with { type: "text" };
import svelteMain from "./templates/svelte-inertia/main.ts.txt" with { type: "text" };
import svelteMissing from "./templates/svelte-inertia/Missing.svelte" with { type: "text" };
import svelteResolve from "./templates/svelte-inertia/resolve_page.ts.txt" with { type: "text" };
import svelteSsr from "./templates/svelte-inertia/ssr.ts.txt" with { type: "text" };
import vueAbout from "./templates/vue-inertia/About.vue" with { type: "text" };
import vueHome from "./templates/vue-inertia/Home.vue" with { type: "text" };
import vueMain from "./templates/vue-inertia/main.ts.txt" with { type: "text" };
import vueMissing from "./templates/vue-inertia/Missing.vue" with { type: "text" };
import vueResolve from "./templates/vue-inertia/resolve_page.ts.txt" with { type: "text" };
import vueSsr from "./templates/vue-inertia/ssr.ts.txt" with { type: "text" };
import type { Answers, Template, VitePlugin } from "./template.ts";
import { apiRefusals } from "./template_refusals.ts";
import { page, styleOf } from "./template_shared.ts";
import {
  type FrontEndTools,
  REACT_TOOLS,
  SVELTE_TOOLS,
  VUE_TOOLS,
  withPackages,
} from "./template_tools.ts";
import { scriptPath } from "./script_path.ts";
import { type PackageName, packages } from "./template_versions.ts";

type Files = Readonly<Record<string, string>>;

/** React with Inertia. */
export const REACT_INERTIA: Template = inertia("react-inertia", "React, pages by Inertia", {
  tools: REACT_TOOLS,
  client: "@inertiajs/react",
  files: {
    "src/main.tsx": reactMain,
    "src/resolve_page.ts": reactResolve,
    "src/pages/Home.tsx": reactHome,
    "src/pages/About.tsx": reactAbout,
    "src/pages/Missing.tsx": reactMissing,
  },
  ssr: { "src/ssr.tsx": reactSsr },
});

/** Vue with Inertia. */
export const VUE_INERTIA: Template = inertia("vue-inertia", "Vue, pages by Inertia", {
  tools: VUE_TOOLS,
  client: "@inertiajs/vue3",
  files: {
    "src/main.ts": vueMain,
    "src/resolve_page.ts": vueResolve,
    "src/pages/Home.vue": vueHome,
    "src/pages/About.vue": vueAbout,
    "src/pages/Missing.vue": vueMissing,
  },
  ssr: { "src/ssr.ts": vueSsr },
});

/** Svelte with Inertia. */
export const SVELTE_INERTIA: Template = inertia("svelte-inertia", "Svelte, pages by Inertia", {
  tools: SVELTE_TOOLS,
  client: "@inertiajs/svelte",
  files: {
    "src/main.ts": svelteMain,
    "src/resolve_page.ts": svelteResolve,
    "src/pages/Home.svelte": svelteHome,
    "src/pages/About.svelte": svelteAbout,
    "src/pages/Missing.svelte": svelteMissing,
  },
  ssr: { "src/ssr.ts": svelteSsr },
});

interface Client {
  readonly tools: FrontEndTools;
  readonly client: PackageName;
  readonly files: Files;
  /** What renders pages on the server. */
  readonly ssr: Files;
}

function inertia(name: string, title: string, { tools, client, files, ssr }: Client): Template {
  const [main = ""] = Object.keys(files);
  const [ssrEntry = ""] = Object.keys(ssr);
  const toolsOf = withPackages(tools, () => ["@inertiajs/core", client]);
  return {
    name,
    title,
    kind: "inertia",
    refusals: (answers) => [...apiRefusals(name, answers), ...ssrRefusals(answers)],
    parts(answers) {
      const { vitePlugins = [], devDependencies, ...parts } = toolsOf(answers);
      return {
        ...parts,
        devDependencies: {
          ...devDependencies,
          ...(answers.ssr ? packages("@inertiajs/vite") : {}),
        },
        vitePlugins: [...vitePlugins, ...(answers.ssr ? [pluginOf(ssrEntry, answers)] : [])],
        files: {
          "index.html": page(main, answers),
          ...files,
          ...(answers.ssr ? ssr : {}),
          ...(answers.typescript ? { "pages.ts": pages } : {}),
          "src/style.css": styleOf(answers),
          ...serverOf(answers),
        },
        config: {
          mode: "hybrid",
          ...(answers.ssr ? { ssrEntry: entryOf(ssrEntry, answers) } : {}),
        },
        usesSidecar: answers.backend !== "litestar",
        ownServer: true,
        edit: Object.keys(files).find((path) => path.includes("/Home.")) ?? main,
      };
    },
  };
}

/** Renders pages while Vite serves the sources. */
function pluginOf(ssrEntry: string, answers: Answers): VitePlugin {
  return {
    import: 'import inertia from "@inertiajs/vite";',
    use: `inertia({ ssr: ${JSON.stringify(entryOf(ssrEntry, answers))} })`,
  };
}

function entryOf(path: string, { typescript }: Answers): string {
  return typescript ? path : scriptPath(path);
}

function ssrRefusals({ backend, ssr }: Answers): readonly string[] {
  return ssr && backend === "litestar"
    ? [
      'Cannot use "--ssr" with the backend "litestar": the server of this template asks no renderer, ' +
      "litestar-vite has one; or choose the backend deno, bun or hono",
    ]
    : [];
}

function serverOf({ backend, runtime }: Answers): Files {
  if (backend === "litestar") {
    return { "app.py": appPy, "inertia.py": inertiaPy, "test_app.py": testPy };
  }
  return {
    "server.ts": backend === "hono" ? serverHono : server,
    ...(runtime === "deno" ? { "server_test.ts": testDeno } : { "server.test.ts": testBun }),
  };
}
