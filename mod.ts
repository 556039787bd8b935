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
export {
  type AppHandler,
  type Assets,
  type BuildStatus,
  type CreateEnvironment,
  createSidecar,
  type Entries,
  type FrontTools,
  type PageOptions,
  type PageParts,
  type PageTool,
  type PartialOptions,
  type PlacedPage,
  type RenderSource,
  type RenderTarget,
  type ServeOptions,
  type Sidecar,
  type SidecarEvent,
  type SidecarServer,
  type SidecarStatus,
  type TagAttributes,
  type ViteStatus,
} from "./sidecar.ts";
export {
  type ConfigEnv,
  defineConfig,
  type Duration,
  type SidecarConfigExport,
  type SidecarOptions,
  type TimeoutOptions,
  type TypesOptions,
} from "./sidecar/config.ts";
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
export type { ApiClient, CheckedTypesOptions, GeneratorOptions } from "./typegen/options.ts";

// Loaded only then: who imports the package pays for no command line.
if (import.meta.main) await (await import("./cli/main.ts")).main();
