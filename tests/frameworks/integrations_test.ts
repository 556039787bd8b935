import { deepEqual, equal, match, throws } from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sidecar as astro } from "../../frameworks/astro.ts";
import { sidecar as nuxt } from "../../frameworks/nuxt.ts";
import { resolveFrameworkOptions, serverAdvice } from "../../frameworks/options.ts";
import { sidecar as sveltekit } from "../../frameworks/sveltekit.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

test("the options are checked: their names, and that a host is one", () => {
  throws(() => astro({ host: ["a"] } as object), /Cannot use "host" as an option/);
  for (const host of ["http://a.example", "a.example:80", "", "-"]) {
    throws(() => resolveFrameworkOptions({ hosts: [host] }, "src"), /as a host/, host);
  }
  deepEqual(resolveFrameworkOptions({ hosts: [".a.example", "b"] }, "src"), {
    hosts: [".a.example", "b"],
    types: "src",
  });
});

test("serverAdvice() names what leads past the one port", () => {
  deepEqual(serverAdvice(undefined), []);
  deepEqual(serverAdvice({ hmr: { overlay: false }, proxy: { "/other": "x" } }), []);
  const advice = serverAdvice({
    proxy: { "/api": "http://x", "^/api/v1": {} },
    hmr: { clientPort: 80 },
    ws: { host: "a" },
    origin: "http://x",
  });
  equal(advice.length, 5);
  match(
    advice.join("\n"),
    /server\.proxy\["\/api"\][^]*server\.hmr\.clientPort[^]*server\.ws\.host/,
  );
});

test("Astro gets the hosts where it compares them, and types of the environment", () => {
  const updates: object[] = [];
  const files: object[] = [];
  const warnings: string[] = [];
  const { hooks } = astro({ hosts: ["www.a.example", ".b.example"] });
  const call = (name: string, context: object): void => hooks[name]?.(context as never);
  call("astro:config:setup", {
    config: { vite: { server: { proxy: { "/api": "x" } } } },
    updateConfig: (config: object) => updates.push(config),
    logger: { warn: (message: string) => warnings.push(message) },
  });
  call("astro:config:done", {
    config: { root: pathToFileURL("/app/") },
    injectTypes: (file: object) => files.push(file),
  });
  deepEqual(updates, [{
    security: { allowedDomains: [{ hostname: "www.a.example" }, { hostname: "**.b.example" }] },
    vite: { server: { allowedHosts: ["www.a.example", ".b.example"] } },
  }]);
  match(warnings.join(), /vite\.server\.proxy/);
  match(JSON.stringify(files), /SIDECAR_API_URL/);
});

test("SvelteKit is told where its types would not be found", () =>
  inFolder({
    "package.json": "{}",
    "src/lib/api/routes.ts": "export {};\n",
  }, ({ path }) => {
    const warnings: string[] = [];
    const plugin = sveltekit({ hosts: ["a.example"] }) as unknown as {
      config(config: object): object;
      configureServer(server: object): void;
    };
    deepEqual(plugin.config({}), { server: { allowedHosts: ["a.example"] } });
    plugin.configureServer({
      config: { root: path, logger: { warn: (message: string) => warnings.push(message) } },
      watcher: { on: () => {} },
      httpServer: null,
    });
    match(warnings.join(), /"#lib\/api\/routes\.ts" can not be imported: package\.json wants/);
    return Promise.resolve();
  }));

test("Nuxt gets the hosts beside its own, and useApi() in its templates", async () => {
  const hooks = new Map<string, (value: never) => void>();
  const options = {
    rootDir: "/app",
    buildDir: "/app/.nuxt",
    vite: { server: { allowedHosts: ["own"] } },
  };
  nuxt({ hosts: ["a.example"] }, { options, hook: (name, listener) => hooks.set(name, listener) });
  deepEqual(options.vite.server.allowedHosts, ["own", "a.example"]);
  const app = { templates: [] as { filename: string; getContents: () => string }[] };
  hooks.get("app:templates")?.(app as never);
  match(app.templates[0]?.getContents() ?? "", /export function useApi/);
  const imports: { name: string; from: string }[] = [];
  hooks.get("imports:extend")?.(imports as never);
  equal(imports[0]?.name, "useApi");
  equal(imports[0]?.from.endsWith(app.templates[0]?.filename ?? "?"), true);
  equal((await nuxt.getMeta()).configKey, "sidecar");
});
