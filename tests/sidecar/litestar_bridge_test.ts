import { deepEqual, equal } from "node:assert/strict";
import { backendEnvironment } from "../../sidecar/backend_environment.ts";
import { findLitestarBridge } from "../../sidecar/litestar_bridge.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

test("findLitestarBridge() finds the hot file where the backend looks for it", async () => {
  const cases: readonly (readonly [fields: object, hotFile: string])[] = [
    [{ bundleDir: "public", hotFile: "hot" }, "public/hot"],
    [{ bundleDir: "app/static", hotFile: "hot" }, "app/static/hot"],
    [{ bundleDir: "public", hotFile: "public/hot" }, "public/hot"],
    [{}, "public/hot"],
  ];
  for (const [fields, hotFile] of cases) {
    await inFolder({ ".litestar.json": JSON.stringify(fields) }, async ({ path, at }) => {
      equal((await findLitestarBridge({ root: path }, {}))?.hotFile, at(hotFile));
    });
  }
});

test("findLitestarBridge() takes the file that the variable names", async () => {
  await inFolder({ "conf/bridge.json": '{"bundleDir":"out"}' }, async ({ path, at }) => {
    const env = { LITESTAR_VITE_CONFIG_PATH: "conf/bridge.json" };
    equal((await findLitestarBridge({ root: path }, env))?.hotFile, at("out/hot"));
    equal(await findLitestarBridge({ root: path }, {}), undefined);
  });
});

test("findLitestarBridge() takes no broken file, no folder and no link for one", async () => {
  await inFolder({ ".litestar.json": "{" }, async ({ path }) => {
    equal(await findLitestarBridge({ root: path }, {}), undefined);
  });
  await inFolder({ ".litestar.json/inside": "" }, async ({ path }) => {
    equal(await findLitestarBridge({ root: path }, {}), undefined);
  });
  await inFolder({ "other.json": "{}" }, async ({ path, link, at }) => {
    await link(".litestar.json", at("other.json"));
    equal(await findLitestarBridge({ root: path }, {}), undefined);
  });
});

test("backendEnvironment() says where browsers find the app", () => {
  const at = (host: string, port: number): unknown => backendEnvironment({}, { host, port });
  deepEqual(at("127.0.0.1", 8000), { VITE_ALLOW_REMOTE: "", APP_URL: "http://127.0.0.1:8000" });
  deepEqual(at("::1", 8000), { VITE_ALLOW_REMOTE: "", APP_URL: "http://[::1]:8000" });
  deepEqual(at("0.0.0.0", 8000), { VITE_ALLOW_REMOTE: "", APP_URL: "http://localhost:8000" });
});

test("backendEnvironment() says nothing of a port that is not known yet", () => {
  deepEqual(backendEnvironment({}, { host: "127.0.0.1", port: 0 }), { VITE_ALLOW_REMOTE: "" });
});

test("backendEnvironment() keeps what is set", () => {
  const env = { APP_URL: "https://app.test", VITE_ALLOW_REMOTE: "true", HOME: "/home/me" };
  deepEqual(backendEnvironment(env, { host: "127.0.0.1", port: 8000 }), env);
});
