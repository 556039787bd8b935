/**
 * What each framework of a front end needs of Vite and of npm.
 *
 * @module
 */
import type { Answers, Packages, TemplateParts } from "./template.ts";
import { type PackageName, packages, TYPESCRIPT_WITH_API } from "./template_versions.ts";

/** Packages, plugins and the check of types, as the answers want them. */
export type FrontEndTools = (answers: Answers) => Omit<TemplateParts, "files" | "edit">;

interface Framework {
  readonly dependencies: readonly PackageName[];
  readonly devDependencies: readonly PackageName[];
  /** What TypeScript needs beside them. */
  readonly types: readonly PackageName[];
  readonly plugin?: { readonly import: string; readonly use: string };
  readonly check: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  /** Whether its checker runs on the API of TypeScript 6. */
  readonly needsApi?: boolean;
}

/** React with its plugin. */
export const REACT_TOOLS: FrontEndTools = toolsOf({
  dependencies: ["react", "react-dom"],
  devDependencies: ["@vitejs/plugin-react"],
  types: ["@types/react", "@types/react-dom"],
  plugin: { import: 'import react from "@vitejs/plugin-react";', use: "react()" },
  check: "tsc",
  compilerOptions: { jsx: "react-jsx" },
});

/** Vue with its plugin. */
export const VUE_TOOLS: FrontEndTools = toolsOf({
  dependencies: ["vue"],
  devDependencies: ["@vitejs/plugin-vue"],
  types: ["vue-tsc"],
  plugin: { import: 'import vue from "@vitejs/plugin-vue";', use: "vue()" },
  check: "vue-tsc",
  needsApi: true,
});

/** Svelte with its plugin. */
export const SVELTE_TOOLS: FrontEndTools = toolsOf({
  dependencies: ["svelte"],
  devDependencies: ["@sveltejs/vite-plugin-svelte"],
  types: ["svelte-check"],
  plugin: { import: 'import { svelte } from "@sveltejs/vite-plugin-svelte";', use: "svelte()" },
  check: "svelte-check --tsconfig ./tsconfig.json",
  needsApi: true,
});

/** Solid with its plugin. */
export const SOLID_TOOLS: FrontEndTools = toolsOf({
  dependencies: ["solid-js"],
  devDependencies: ["vite-plugin-solid"],
  types: [],
  plugin: { import: 'import solid from "vite-plugin-solid";', use: "solid()" },
  check: "tsc",
  compilerOptions: { jsx: "preserve", jsxImportSource: "solid-js" },
});

/** Vite alone. */
export const VANILLA_TOOLS: FrontEndTools = toolsOf({
  dependencies: [],
  devDependencies: [],
  types: [],
  check: "tsc",
});

/** htmx and Alpine. */
export const HTMX_TOOLS: FrontEndTools = toolsOf({
  dependencies: ["htmx.org", "alpinejs"],
  devDependencies: [],
  types: ["@types/alpinejs"],
  check: "tsc",
});

/** Tools with more packages. */
export function withPackages(
  tools: FrontEndTools,
  more: (answers: Answers) => readonly PackageName[],
): FrontEndTools {
  return (answers) => {
    const parts = tools(answers);
    return { ...parts, dependencies: { ...parts.dependencies, ...packages(...more(answers)) } };
  };
}

function toolsOf(framework: Framework): FrontEndTools {
  return (answers) => ({
    dependencies: packages(...framework.dependencies),
    devDependencies: {
      ...packages("vite", ...framework.devDependencies),
      ...(answers.typescript ? typesOf(framework) : {}),
      ...(answers.tailwind ? packages("tailwindcss", "@tailwindcss/vite") : {}),
    },
    vitePlugins: [
      ...(answers.tailwind ? [TAILWIND] : []),
      ...(framework.plugin === undefined ? [] : [framework.plugin]),
    ],
    ...(answers.typescript
      ? { check: framework.check, tsconfig: tsconfigOf(framework, answers) }
      : {}),
  });
}

const TAILWIND = {
  import: 'import tailwindcss from "@tailwindcss/vite";',
  use: "tailwindcss()",
};

function typesOf({ types, needsApi }: Framework): Packages {
  return {
    ...packages(...types, "typescript"),
    ...(needsApi === true ? TYPESCRIPT_WITH_API : {}),
  };
}

function tsconfigOf(
  { compilerOptions }: Framework,
  { runtime, backend }: Answers,
): Readonly<Record<string, unknown>> {
  // Deno checks its server by itself: its types are not on the disk.
  const hasServer = runtime === "bun" && backend !== "litestar";
  return {
    compilerOptions: {
      target: "es2023",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["esnext", "dom", "dom.iterable"],
      types: hasServer ? ["vite/client", "bun"] : ["vite/client"],
      ...compilerOptions,
      strict: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ["src", "vite.config.ts", ...(hasServer ? ["*.ts"] : [])],
  };
}
