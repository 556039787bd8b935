import { deepEqual, equal } from "node:assert/strict";
import { readEnvironment, VARIABLE_RULES } from "../../sidecar/config_environment.ts";
import { test } from "../_support/test.ts";

/** The value that one variable gives, or why it is refused. */
function read(variable: string, text: string): unknown {
  const [found] = readEnvironment({ [variable]: text });
  return found?.refused ?? found?.value;
}

test("readEnvironment() knows every variable by its option", () => {
  deepEqual(VARIABLE_RULES.map(({ variable, option }) => [variable, option]), [
    ["VITE_HOST", "host"],
    ["VITE_PORT", "port"],
    ["VITE_PROXY_MODE", "direct"],
    ["VITE_ALLOW_REMOTE", "allowRemote"],
    ["VITE_DEV_MODE", "dev"],
    ["ASSET_URL", "assetUrl"],
    ["LITESTAR_VITE_RUNTIME", "executor"],
    ["VITE_EXECUTOR", "executor"],
    ["LITESTAR_TRUSTED_PROXIES", "trustedProxies"],
    ["LITESTAR_VITE_LOG_LEVEL", "logLevel"],
    ["VITE_PROXY_DEBUG", "logLevel"],
    ["SIDECAR_TYPES", "types"],
    ["__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS", "allowedHosts"],
  ]);
});

test("readEnvironment() says nothing of an environment that says nothing", () => {
  deepEqual(readEnvironment({}), []);
  deepEqual(
    readEnvironment({ PATH: "/bin", VITE_API_URL: "x", PORT: "1", VITE_BASE_URL: "/x" }),
    [],
  );
});

test("readEnvironment() counts an empty variable as not set", () => {
  for (const { variable } of VARIABLE_RULES) {
    deepEqual(readEnvironment({ [variable]: "" }), [], variable);
    deepEqual(readEnvironment({ [variable]: "  " }), [], variable);
    deepEqual(readEnvironment({ [variable]: undefined }), [], variable);
  }
});

test("readEnvironment() turns text into values", () => {
  equal(read("VITE_HOST", "::1"), "::1");
  equal(read("VITE_PORT", "8080"), 8080);
  equal(read("VITE_ALLOW_REMOTE", "True"), true);
  equal(read("VITE_ALLOW_REMOTE", "0"), false);
  equal(read("ASSET_URL", "/static/"), "/static/");
  deepEqual(read("LITESTAR_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"), ["127.0.0.1", "10.0.0.0/8"]);
  equal(read("LITESTAR_VITE_LOG_LEVEL", "quiet"), "quiet");
  equal(read("SIDECAR_TYPES", "no"), false);
  equal(read("SIDECAR_TYPES", "yes"), undefined);
  deepEqual(read("__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS", "a.test,b.test"), ["a.test", "b.test"]);
});

test("readEnvironment() leaves a text that it can't read for the schema to refuse", () => {
  equal(read("VITE_PORT", "tcp://10.0.0.1:80"), "tcp://10.0.0.1:80");
  equal(read("VITE_ALLOW_REMOTE", "maybe"), "maybe");
});

test("VITE_PROXY_MODE chooses between one port and two", () => {
  equal(read("VITE_PROXY_MODE", "proxy"), false);
  equal(read("VITE_PROXY_MODE", "VITE"), false);
  equal(read("VITE_PROXY_MODE", "direct"), true);
  equal(
    read("VITE_PROXY_MODE", "none"),
    'it must be "proxy" (or "vite") or "direct"; without Vite the app needs nothing in front of it',
  );
  equal(read("VITE_PROXY_MODE", "both"), 'it must be "proxy" (or "vite") or "direct"');
});

test("VITE_DEV_MODE chooses between Vite and a build", () => {
  equal(read("VITE_DEV_MODE", "True"), true);
  equal(read("VITE_DEV_MODE", "false"), false);
  equal(read("VITE_DEV_MODE", "prod"), "prod");
});

test("LITESTAR_VITE_RUNTIME names a package manager where npm's clients mean Node", () => {
  for (const name of ["node", "npm", "yarn", "pnpm", "NODE"]) {
    equal(read("LITESTAR_VITE_RUNTIME", name), "node", name);
  }
  equal(read("LITESTAR_VITE_RUNTIME", "bun"), "bun");
  equal(read("VITE_EXECUTOR", "deno"), "deno");
  equal(read("VITE_EXECUTOR", "rhino"), "rhino");
});

test("VITE_PROXY_DEBUG makes the log verbose", () => {
  equal(read("VITE_PROXY_DEBUG", "1"), "verbose");
  equal(read("VITE_PROXY_DEBUG", "0"), undefined);
  equal(read("VITE_PROXY_DEBUG", "loud"), "it must be true or false");
});

test("of two variables for one option the first in the table counts", () => {
  deepEqual(readEnvironment({ VITE_EXECUTOR: "bun", LITESTAR_VITE_RUNTIME: "deno" }), [{
    variable: "LITESTAR_VITE_RUNTIME",
    option: "executor",
    text: "deno",
    value: "deno",
  }]);
});
