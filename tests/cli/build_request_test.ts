import { deepEqual, equal } from "node:assert/strict";
import { resolve } from "node:path";
import { buildRequest } from "../../cli/build_request.ts";
import { checkConfig, type SidecarOptions } from "../../sidecar/config.ts";
import type { BridgeFile } from "../../vite/bridge_file.ts";
import { test } from "../_support/test.ts";

const cwd = resolve("/project");
const at = (path: string): string => resolve(cwd, path);

function request(
  options: SidecarOptions,
  bridge: BridgeFile = {},
): ReturnType<typeof buildRequest> {
  const result = checkConfig({ cwd, options });
  if (result.kind === "invalid") throw new Error(JSON.stringify(result.problems));
  return buildRequest({
    config: result.config,
    options: result.options,
    bridge,
    staging: resolve("/staging"),
  });
}

test("without options nothing is given, and everything has a default", () => {
  deepEqual(request({}), {
    root: cwd,
    mode: "production",
    logLevel: "warn",
    clientStaging: resolve("/staging/client"),
    ssrStaging: resolve("/staging/ssr"),
    given: {
      base: undefined,
      bundleDir: undefined,
      manifest: undefined,
      input: undefined,
      ssrEntry: undefined,
      ssrDir: undefined,
    },
    defaults: {
      base: "/static/",
      bundleDir: at("dist"),
      manifest: undefined,
      ssrDir: at("dist-ssr"),
    },
  });
});

test("what was told to us is given", () => {
  const { given } = request({
    assetUrl: "https://cdn.test/a",
    bundleDir: "out",
    manifest: "m.json",
    input: "src/a.ts",
    ssrEntry: "src/s.ts",
    ssrDir: "ssr",
  });
  deepEqual(given, {
    base: "https://cdn.test/a/",
    bundleDir: at("out"),
    manifest: "m.json",
    input: ["src/a.ts"],
    ssrEntry: "src/s.ts",
    ssrDir: at("ssr"),
  });
});

test("what .litestar.json says is a default", () => {
  const bridge = { assetUrl: "/b", bundleDir: "public", manifest: "m.json", ssrOutDir: "ssr" };
  deepEqual(request({}, bridge).defaults, {
    base: "/b/",
    bundleDir: at("public"),
    manifest: "m.json",
    ssrDir: at("ssr"),
    publicDir: "src/public",
  });
  equal(
    request({}, { ...bridge, deployAssetUrl: "https://cdn.test/" }).defaults.base,
    "https://cdn.test/",
  );
  equal(request({}, { ...bridge, staticDir: "s" }).defaults.publicDir, "s");
});

test("Vite's mode is production, whatever the option mode says of the pages", () => {
  equal(request({ mode: "spa" }).mode, "production");
  equal(request({ mode: "staging" }).mode, "staging");
  equal(request({ mode: "template", viteMode: "staging" }).mode, "staging");
  equal(request({ viteMode: "development" }).mode, "development");
});

test("static props are modules and a file of types; the options' beat those of .litestar.json", () => {
  const bridge = { staticProps: { b: 1 }, generatedDir: "gen" };
  const { modules = {}, files = [] } = request({ staticProps: { a: 1 } }, bridge);
  deepEqual(Object.keys(modules), ["virtual:lv-static-props", "virtual:litestar-static-props"]);
  deepEqual(files.map(({ path }) => path), [at("gen/static-props.d.ts")]);
  equal(modules["virtual:lv-static-props"]?.includes('"a"'), true);
  equal(request({}, bridge).modules?.["virtual:lv-static-props"]?.includes('"b"'), true);
  // Where the other generated files are, whoever says so.
  const { files: moved = [] } = request({ staticProps: {}, types: { output: "src/api" } }, bridge);
  deepEqual(moved.map(({ path }) => path), [at("src/api/static-props.d.ts")]);
});
