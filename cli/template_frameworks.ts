/**
 * Templates of frameworks that make the pages themselves.
 *
 * @module
 */
import astroConfig from "./templates/astro/astro.config.ts.txt" with { type: "text" };
import astroCounter from "./templates/astro/Counter.astro" with { type: "text" };
import astroPage from "./templates/astro/index.astro" with { type: "text" };
import astroPing from "./templates/astro/ping.ts.txt" with { type: "text" };
import api from "./templates/frameworks/api.ts.txt" with { type: "text" };
import nuxtApp from "./templates/nuxt/app.vue" with { type: "text" };
import nuxtConfig from "./templates/nuxt/nuxt.config.ts.txt" with { type: "text" };
import nuxtPing from "./templates/nuxt/ping.ts.txt" with { type: "text" };
import kitConfig from "./templates/sveltekit/vite.config.ts.txt" with { type: "text" };
import kitHooks from "./templates/sveltekit/hooks.server.ts.txt" with { type: "text" };
import kitHtml from "./templates/sveltekit/app.html" with { type: "text" };
import kitLoad from "./templates/sveltekit/page.ts.txt" with { type: "text" };
import kitPage from "./templates/sveltekit/page.svelte" with { type: "text" };
import kitPing from "./templates/sveltekit/ping.ts.txt" with { type: "text" };
import type { Answers, Template, TemplateParts } from "./template.ts";
import { styleOf } from "./template_shared.ts";
import { packages, TYPESCRIPT_WITH_API } from "./template_versions.ts";

/** Astro, with its server. */
export const ASTRO: Template = framework("astro", "Astro", ">=22.12", (answers) => ({
  files: {
    "astro.config.ts": withPlugins(astroConfig, answers),
    "src/pages/index.astro": astroPage,
    "src/pages/ping.ts": astroPing,
    "src/components/Counter.astro": astroCounter,
    "src/api.ts": api,
    "src/style.css": styleOf(answers),
  },
  dependencies: packages("astro", "@astrojs/node"),
  devDependencies: {
    ...tailwindPackages(answers),
    ...(answers.typescript ? { ...packages("@astrojs/check"), ...TYPESCRIPT_WITH_API } : {}),
  },
  tsconfig: {
    extends: "astro/tsconfigs/strict",
    include: [".astro/types.d.ts", "src"],
    compilerOptions: { allowImportingTsExtensions: true },
  },
  ...(answers.typescript ? { check: "astro check" } : {}),
  ignored: [".astro/"],
  edit: "src/pages/index.astro",
}));

/** SvelteKit, with its server. */
export const SVELTEKIT: Template = framework("sveltekit", "SvelteKit", ">=22.17", (answers) => ({
  files: {
    "vite.config.ts": withPlugins(kitConfig, answers),
    "src/app.html": kitHtml,
    "src/hooks.server.ts": kitHooks,
    "src/routes/+page.ts": kitLoad,
    "src/routes/+page.svelte": kitPage,
    "src/routes/ping/+server.ts": kitPing,
    "src/lib/api.ts": api,
    "src/style.css": styleOf(answers),
  },
  devDependencies: {
    ...packages("@sveltejs/kit", "@sveltejs/adapter-node", "@sveltejs/vite-plugin-svelte"),
    ...packages("svelte", "vite"),
    ...tailwindPackages(answers),
    // SvelteKit itself asks for it.
    ...TYPESCRIPT_WITH_API,
    // `vite.config.ts` is checked too, and what it imports runs under Node.
    ...(answers.typescript ? packages("svelte-check", "@types/node") : {}),
  },
  manifest: { imports: { "#lib/*": "./src/lib/*" } },
  // The server beside it is another runtime's.
  tsconfig: { extends: "$app/tsconfig", include: ["src", "vite.config.ts"] },
  ...(answers.typescript ? { check: "svelte-kit sync && svelte-check" } : {}),
  ignored: [".svelte-kit/", "build/"],
  edit: "src/routes/+page.svelte",
}));

/** Nuxt, with its server. */
export const NUXT: Template = framework("nuxt", "Nuxt", "^22.19 || ^24.11 || >=26", (answers) => ({
  files: {
    "nuxt.config.ts": withPlugins(nuxtConfig, answers),
    "app/app.vue": nuxtApp,
    "app/style.css": styleOf(answers),
    "server/routes/ping.ts": nuxtPing,
  },
  dependencies: packages("nuxt", "vue", "vue-router"),
  devDependencies: {
    ...tailwindPackages(answers),
    ...(answers.typescript ? { ...packages("vue-tsc"), ...TYPESCRIPT_WITH_API } : {}),
  },
  tsconfig: {
    files: [],
    references: ["app", "server", "shared", "node"].map((name) => ({
      path: `./.nuxt/tsconfig.${name}.json`,
    })),
  },
  // `nuxt typecheck` would take the server's modules, which are another runtime's, for its own.
  ...(answers.typescript
    ? {
      check: "nuxt prepare && vue-tsc --noEmit -p .nuxt/tsconfig.app.json && " +
        "vue-tsc --noEmit -p .nuxt/tsconfig.server.json",
    }
    : {}),
  ignored: [".nuxt/", ".output/"],
  edit: "app/app.vue",
}));

function framework(
  name: string,
  title: string,
  node: string,
  parts: (answers: Answers) => TemplateParts,
): Template {
  return {
    name,
    title,
    node,
    kind: "framework",
    refusals: ({ sdk, zod }) =>
      [...(sdk ? ["--sdk"] : []), ...(zod ? ["--zod"] : [])].map((flag) =>
        `Cannot use "${flag}" with the template "${name}": it has no place for it, ` +
        "react, vue, svelte, solid and vanilla do"
      ),
    parts: (answers) => ({
      ...parts(answers),
      config: { mode: "framework" },
      usesSidecar: true,
    }),
  };
}

function tailwindPackages({ tailwind }: Answers): Readonly<Record<string, string>> {
  return tailwind ? packages("tailwindcss", "@tailwindcss/vite") : {};
}

/** These files have a place of their own for plugins: that of `vite.config` is not written. */
function withPlugins(text: string, { tailwind }: Answers): string {
  const plugin = tailwind ? "tailwindcss()" : "";
  return text
    .replace(
      "__VITE_IMPORTS__\n",
      tailwind ? 'import tailwindcss from "@tailwindcss/vite";\n' : "",
    )
    .replace("__VITE_PLUGINS__, ", plugin === "" ? "" : `${plugin}, `)
    .replace(
      /^ {2}vite: \{ plugins: \[__VITE_PLUGINS__\] \},\n/m,
      () => plugin === "" ? "" : `  vite: { plugins: [${plugin}] },\n`,
    );
}
