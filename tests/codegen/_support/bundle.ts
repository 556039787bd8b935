/**
 * Bundles a module with Rolldown, Rollup and esbuild, and prints what they wrote as JSON.
 *
 * @module
 */
import process from "node:process";
import { build as esbuildBuild } from "esbuild";
import { build as rolldownBuild } from "vite";
import { build as rollupBuild } from "vite7";

const [entry = "", minify = ""] = process.argv.slice(2);
const isMinified = minify === "--minify";

// Not as a library: of those Vite keeps the white space.
const config = {
  configFile: false,
  logLevel: "silent",
  build: {
    write: false,
    minify: isMinified,
    modulePreload: { polyfill: false },
    rollupOptions: { input: entry, preserveEntrySignatures: "strict" },
  },
} as const;

/** The text of all chunks. */
function codeOf(result: unknown): string {
  // The bundlers' types differ; their outputs do not.
  const outputs = [result].flat() as readonly {
    readonly output: readonly { readonly code?: string }[];
  }[];
  return outputs.flatMap(({ output }) => output).map(({ code = "" }) => code).join("");
}

const { outputFiles } = await esbuildBuild({
  entryPoints: [entry],
  bundle: true,
  format: "esm",
  minify: isMinified,
  write: false,
});
const rolldown = codeOf(await rolldownBuild(config));
const rollup = codeOf(await rollupBuild(config));
console.log(
  JSON.stringify({ rolldown, rollup, esbuild: outputFiles.map(({ text }) => text).join("") }),
);
process.exit(0);
