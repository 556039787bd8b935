/**
 * The entry of the process that reads `vite.config`: lets the project's own Vite resolve it, says what came out, and
 * ends. No server is started and nothing is built.
 *
 * Plain JavaScript, because it runs under Node, Bun and Deno as it stands. See `doctor/vite_config.ts`.
 *
 * @module
 */
import { resolve } from "node:path";
import { end, fail, importVite, openChannel, send } from "./child.js";

const END_GRACE_MS = 500;
/** What makes the browser's HMR client leave the page's own origin. */
const ORIGIN_KEYS = ["protocol", "host", "port", "clientPort"];

/** The fields of `server.ws` and `server.hmr` that name a place. */
function placesOf({ ws, hmr }) {
  const found = {};
  for (const options of [hmr, ws]) {
    if (options === null || typeof options !== "object") continue;
    for (const key of ORIGIN_KEYS) {
      if (options[key] !== undefined) found[key] = options[key];
    }
  }
  return found;
}

function describe(serve, build, { version }) {
  const { server } = serve;
  return {
    version,
    configFile: serve.configFile,
    root: serve.root,
    base: serve.base,
    publicDir: serve.publicDir || "",
    envPrefix: [serve.envPrefix ?? "VITE_"].flat(),
    plugins: serve.plugins.map(({ name }) => name),
    server: {
      host: server.host,
      origin: server.origin,
      cors: server.cors === true,
      allowedHosts: server.allowedHosts === true ? true : server.allowedHosts ?? [],
      proxy: Object.keys(server.proxy ?? {}),
      hmr: placesOf(server),
    },
    build: {
      base: build.base,
      outDir: resolve(build.root, build.build.outDir),
      emptyOutDir: build.build.emptyOutDir,
      isSsr: Boolean(build.build.ssr),
      manifest: build.build.manifest,
    },
  };
}

async function main() {
  const options = await openChannel();
  const vite = await importVite(options.root);
  const inline = { logLevel: "silent", clearScreen: false };
  const serve = await vite.resolveConfig(inline, "serve", options.mode ?? "development");
  const build = await vite.resolveConfig(inline, "build", "production", "production");
  send({ event: "resolved", config: describe(serve, build, vite) });
  end(0, END_GRACE_MS);
}

main().catch(fail);
