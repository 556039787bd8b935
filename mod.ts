/**
 * One port for your app and for Vite, on Deno and on Bun.
 *
 * @example A single-page app with its server, on one port
 * ```ts no-run
 * import { createSidecar } from "@lv/sidecar";
 *
 * const sidecar = await createSidecar({ root: "frontend" });
 * const app = ({ url }: Request) =>
 *   url.endsWith("/api/hello")
 *     ? Response.json({ hello: "world" })
 *     : new Response("Not found", { status: 404 });
 * sidecar.serve(app, { port: 8000 });
 * ```
 *
 * Run as a program, it is the command line: `deno run -A jsr:@lv/sidecar dev`.
 *
 * @module
 */
import type { CreateEnvironment, Sidecar } from "./sidecar.ts";
import type { SidecarOptions } from "./sidecar/config_options.ts";

export type {
  AppHandler,
  Assets,
  BuildStatus,
  CreateEnvironment,
  Entries,
  FrontTools,
  PageOptions,
  PageParts,
  PageTool,
  PartialOptions,
  PlacedPage,
  RenderSource,
  RenderTarget,
  ServeOptions,
  Sidecar,
  SidecarEvent,
  SidecarServer,
  SidecarStatus,
  TagAttributes,
  ViteStatus,
} from "./sidecar.ts";
export {
  type ConfigEnv,
  defineConfig,
  type Duration,
  type SidecarConfigExport,
  type SidecarOptions,
  type TimeoutOptions,
} from "./sidecar/config_options.ts";
export type { FrameworkName } from "./sidecar/framework.ts";
export type {
  AppConfig,
  BuildConfig,
  Config,
  Executor,
  Inject,
  InjectConfig,
  InjectContext,
  PageConfig,
  ServingConfig,
  TimeoutConfig,
  ViteConfig,
} from "./sidecar/config_types.ts";
export type {
  ApiClient,
  CheckedTypesOptions,
  GeneratorOptions,
  TypesOptions,
} from "./typegen/options.ts";

/**
 * Creates a sidecar: one port for an app and for Vite.
 *
 * Vite is started when the sidecar begins to serve; nothing waits for it. Call `close` when you are done.
 *
 * @example A server of one port
 * ```ts no-run
 * import { createSidecar } from "@lv/sidecar";
 *
 * const sidecar = await createSidecar({ root: "frontend" });
 * const app = ({ url }: Request) =>
 *   url.endsWith("/api/hello")
 *     ? Response.json({ hello: "world" })
 *     : new Response("Not found", { status: 404 });
 * sidecar.serve(app, { port: 8000 });
 * ```
 *
 * @example A server of your own
 * ```ts no-run
 * import { createSidecar } from "@lv/sidecar";
 *
 * const sidecar = await createSidecar({ root: "frontend" });
 * const app = () => new Response("Not found", { status: 404 });
 * Deno.serve((request, info) => sidecar.fetch(request, app, info));
 * ```
 *
 * @param options What differs from the defaults; the environment, and `sidecar.config.ts` of the root, fill in what
 *   they leave out.
 * @param environment Where the rest is found.
 * @returns The sidecar; not yet listening.
 * @throws {TypeError} If an option is unknown, or not of its shape.
 * @throws {RangeError} If an option has a value that is not allowed, or `statusKey` is too short.
 * @throws {Error} If `sidecar.config.ts`, or the module of the option `entry`, can't be loaded.
 */
export async function createSidecar(
  options: SidecarOptions = {},
  environment: CreateEnvironment = {},
): Promise<Sidecar> {
  // Loaded only then: it takes half the time of commands that need no server.
  const { createSidecar } = await import("./sidecar.ts");
  return await createSidecar(options, environment);
}

// Loaded only then: who imports the package pays for no command line.
if (import.meta.main) await (await import("./cli/main.ts")).main();
