/**
 * Settings of editors, and of Git, for a new project.
 *
 * @module
 */
import type { ServerParts } from "./scaffold_server.ts";
import type { Answers, TemplateParts } from "./template.ts";

/** The files that VS Code reads, as data. */
export function editorFiles(
  { dependencies = {} }: TemplateParts,
  { modules }: ServerParts,
  { runtime, tailwind, backend, typescript }: Answers,
): readonly (readonly [path: string, value: unknown])[] {
  // Deno looks after its own files alone: what Vite builds is for a browser.
  const hasDeno = runtime === "deno" && modules.length > 0 && typescript;
  const recommendations = [
    ...(hasDeno ? ["denoland.vscode-deno"] : []),
    ...("vue" in dependencies ? ["vue.volar"] : []),
    ...("svelte" in dependencies ? ["svelte.svelte-vscode"] : []),
    ...(tailwind ? ["bradlc.vscode-tailwindcss"] : []),
    ...(backend === "litestar" ? ["ms-python.python"] : []),
  ];
  return [
    ...(hasDeno ? [[".vscode/settings.json", { "deno.enablePaths": modules }] as const] : []),
    ...(recommendations.length > 0
      ? [[".vscode/extensions.json", { recommendations }] as const]
      : []),
  ];
}

/** The text of `.gitignore`. */
export function ignoredFiles({ ignored = [] }: TemplateParts, { backend, sdk }: Answers): string {
  return [
    "node_modules/",
    "dist/",
    "dist-ssr/",
    "public/hot",
    ".vite/",
    ".env",
    "*.log",
    ...ignored,
    ...(sdk ? ["src/generated/", ...(backend === "litestar" ? ["openapi.json"] : [])] : []),
    ...(backend === "litestar" ? [".venv/", "__pycache__/", ".pytest_cache/"] : []),
  ].map((line) => `${line}\n`).join("");
}

/** The text of `.npmrc`: where npm and Bun find the packages of JSR. */
export const JSR_REGISTRY = "@jsr:registry=https://npm.jsr.io\n";
