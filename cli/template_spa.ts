/**
 * Templates of single-page apps.
 *
 * @module
 */
import api from "./templates/shared/api.ts.txt" with { type: "text" };
import apiHono from "./templates/shared/api_hono.ts.txt" with { type: "text" };
import apiJs from "./templates/shared/api.js.txt" with { type: "text" };
import apiSdk from "./templates/shared/api_sdk.ts.txt" with { type: "text" };
import apiSdkZod from "./templates/shared/api_sdk_zod.ts.txt" with { type: "text" };
import apiZod from "./templates/shared/api_zod.ts.txt" with { type: "text" };
import apiZodJs from "./templates/shared/api_zod.js.txt" with { type: "text" };
import reactApp from "./templates/react/App.tsx.txt" with { type: "text" };
import reactMain from "./templates/react/main.tsx.txt" with { type: "text" };
import solidApp from "./templates/solid/App.tsx.txt" with { type: "text" };
import solidMain from "./templates/solid/main.tsx.txt" with { type: "text" };
import svelteApp from "./templates/svelte/App.svelte" with { type: "text" };
import svelteMain from "./templates/svelte/main.ts.txt" with { type: "text" };
import vanillaCounter from "./templates/vanilla/counter.ts.txt" with { type: "text" };
import vanillaMain from "./templates/vanilla/main.ts.txt" with { type: "text" };
import vueApp from "./templates/vue/App.vue" with { type: "text" };
import vueMain from "./templates/vue/main.ts.txt" with { type: "text" };
import {
  type FrontEndTools,
  REACT_TOOLS,
  SOLID_TOOLS,
  SVELTE_TOOLS,
  VANILLA_TOOLS,
  VUE_TOOLS,
} from "./template_tools.ts";
import { page, styleOf } from "./template_shared.ts";
import type { Answers, Template } from "./template.ts";

/** React. */
export const REACT: Template = singlePage("react", "React", REACT_TOOLS, {
  "src/main.tsx": reactMain,
  "src/App.tsx": reactApp,
});

/** Vue. */
export const VUE: Template = singlePage("vue", "Vue", VUE_TOOLS, {
  "src/main.ts": vueMain,
  "src/App.vue": vueApp,
});

/** Svelte. */
export const SVELTE: Template = singlePage("svelte", "Svelte", SVELTE_TOOLS, {
  "src/main.ts": svelteMain,
  "src/App.svelte": svelteApp,
});

/** Solid. */
export const SOLID: Template = singlePage("solid", "Solid", SOLID_TOOLS, {
  "src/main.tsx": solidMain,
  "src/App.tsx": solidApp,
});

/** No framework. */
export const VANILLA: Template = singlePage("vanilla", "No framework", VANILLA_TOOLS, {
  "src/main.ts": vanillaMain,
  "src/counter.ts": vanillaCounter,
});

function singlePage(
  name: string,
  title: string,
  tools: FrontEndTools,
  files: Readonly<Record<string, string>>,
): Template {
  const [main = "", app = main] = Object.keys(files);
  return {
    name,
    title,
    kind: "spa",
    refusals({ ssr }) {
      const wanted = name === "vanilla" || name === "solid" ? "react-inertia" : `${name}-inertia`;
      return ssr
        ? [
          `Cannot use "--ssr" with the template "${name}": its page is made in the browser, ` +
          `"${wanted}" renders on the server`,
        ]
        : [];
    },
    parts: (answers) => ({
      ...tools(answers),
      files: {
        "index.html": page(main, answers),
        ...files,
        "src/api.ts": apiOf(answers),
        "src/style.css": styleOf(answers),
      },
      edit: name === "vanilla" ? main : app,
    }),
  };
}

/** How the front end asks the server. */
function apiOf({ backend, typescript, zod, sdk }: Answers): string {
  if (sdk) return zod ? apiSdkZod : apiSdk;
  if (zod) return typescript ? apiZod : apiZodJs;
  if (!typescript) return apiJs;
  return backend === "hono" ? apiHono : api;
}
