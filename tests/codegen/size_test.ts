/** What generated routes add to a bundle. */
import { ok } from "node:assert/strict";
import { generate } from "../../codegen/mod.ts";
import { test } from "../_support/test.ts";
import { bundleSizes } from "./_support/bundle_sizes.ts";
import { litestarTable } from "./_support/tables.ts";

const RUNTIME_BYTES = 2_560;
const HANDLE_BYTES = 2_048;
const ROUTE_BYTES = 12;

/** With the bundler that does worst. */
async function sizeOf(...args: Parameters<typeof bundleSizes>): Promise<number> {
  return Math.max(...Object.values(await bundleSizes(...args)));
}

test("the run-time is at most 2.5 KB, and a route at most 12 bytes", async () => {
  const { files } = generate({ routes: litestarTable(1_000) });
  const runtime = await sizeOf(files, `export { createRouter } from "./routes-runtime.ts";\n`);
  const all = await sizeOf(files, `export { route, router } from "./routes.ts";\n`);
  const each = (all - runtime) / 1_000;
  ok(runtime <= RUNTIME_BYTES, `the run-time has ${runtime} bytes`);
  ok(each > 0 && each <= ROUTE_BYTES, `a route has ${each} bytes`);
});

test("one function and what it runs on are at most 2 KB", async () => {
  const { files } = generate({ routes: litestarTable(1_000) }, { groupFiles: true });
  const one = await sizeOf(files, `export { show } from "./routes/user.ts";\n`);
  ok(one <= HANDLE_BYTES, `it has ${one} bytes`);
});
