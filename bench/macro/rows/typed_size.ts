/**
 * What generated routes add to a bundle: built and minified by Vite, compressed with gzip.
 *
 * @module
 */
import { generate } from "../../../codegen/mod.ts";
import { bundleSizes } from "../../../tests/codegen/_support/bundle_sizes.ts";
import { litestarTable } from "../../../tests/codegen/_support/tables.ts";
import type { Row } from "../row.ts";
import { summarize } from "../statistics.ts";

const COUNT = 1_000;
const RUNTIME_BYTES = 2_560;
const ROUTE_BYTES = 12;

/** The run-time with everything used, and what each route adds; other bundlers are in the figures. */
export async function measureSize(): Promise<readonly Row[]> {
  const { files } = generate({ routes: litestarTable(COUNT) });
  const runtime = await bundleSizes(files, `export { createRouter } from "./routes-runtime.ts";\n`);
  const all = await bundleSizes(files, `export { route, router } from "./routes.ts";\n`);
  const each = Object.fromEntries(
    Object.entries(all).map(([name, bytes]) => [name, (bytes - (runtime[name] ?? NaN)) / COUNT]),
  );
  return [
    sizeRow("run-time of routes.ts, everything used, gzip", RUNTIME_BYTES, runtime),
    sizeRow("a route of 1,000 in the bundle, gzip", ROUTE_BYTES, each),
  ];
}

/** Vite 8 builds with Rolldown. */
function sizeRow(
  name: string,
  limit: number,
  { rolldown = NaN, ...others }: { readonly [bundler: string]: number },
): Row {
  const rest = Object.entries(others).map(([bundler, bytes]) =>
    `${bundler} ${+bytes.toFixed(2)} B`
  );
  return {
    name,
    target: { kind: "at-most", value: limit },
    measured: summarize([rolldown]),
    unit: " B",
    detail: rest.join(", "),
  };
}
