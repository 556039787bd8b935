/**
 * The options that a user may give, in code or in `sidecar.config.ts`.
 *
 * @module
 */
import type { TypesOptions } from "../typegen/options.ts";
import type { Executor, Inject } from "./config_types.ts";
import type { FrameworkName } from "./framework.ts";

/** A time: a number of milliseconds, or a text with a unit, such as `"500ms"`, `"30s"`, `"2m"`. */
export type Duration = number | string;

/** Limits in time of what is forwarded. 0 switches one off. */
export interface TimeoutOptions {
  /** To connect to an upstream, in milliseconds; a later answer is a 502. @default 5000 */
  readonly connect?: Duration | undefined;
  /** From the request to the head of the response, in milliseconds; a later answer is a 504. @default 120000 */
  readonly headers?: Duration | undefined;
  /** Between two chunks of a body, in milliseconds; server-sent events are exempt. @default 0 */
  readonly idle?: Duration | undefined;
  /** For running answers to end when the sidecar stops, in milliseconds; then they are cut. @default 5000 */
  readonly stop?: Duration | undefined;
  /**
   * For a client to send more of a body that is forwarded, in milliseconds; later is a 408, or the end of the
   * connection if the answer has begun. @default 30000
   */
  readonly body?: Duration | undefined;
  /**
   * For a client to take more of a body that is forwarded, in milliseconds; then it is cut. A stream of which nothing
   * waits to be taken is exempt. @default 60000
   */
  readonly send?: Duration | undefined;
  /**
   * Bun only: for a new connection to send the head of its first request, and for a client to take more of a built
   * file, in milliseconds, at most 255000; then it is closed. @default 60000
   */
  readonly request?: Duration | undefined;
  /**
   * Between two pings of a WebSocket that is bridged, in milliseconds; a peer that is silent for two of them is cut.
   * On Bun this is also how the app's own sockets are watched. @default 30000
   */
  readonly ping?: Duration | undefined;
}

/**
 * Options of {@linkcode createSidecar} and of `sidecar.config.ts`; all are optional.
 *
 * `backend`, `backendCommand` and `entry` exclude each other, and so do `direct` and `viteUrl`.
 */
export interface SidecarOptions {
  /** Folder of the front end: the one of `vite.config` and `package.json`. @default "." */
  readonly root?: string | undefined;
  /** Address to listen on; other than loopback only with `allowRemote`. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Port to listen on; 0 takes any free one. @default 8000 */
  readonly port?: number | undefined;
  /** Origin of a backend that runs already, such as `http://127.0.0.1:8001`. @default undefined */
  readonly backend?: string | undefined;
  /**
   * Command that starts the backend, as a text or as an argument vector; no shell reads it.
   *
   * `{port}` is replaced by a free port, which the command also finds in the variable `PORT`. @default undefined
   */
  readonly backendCommand?: string | readonly string[] | undefined;
  /**
   * Module that exports `default { fetch }`, as for `deno serve` and Bun; or `createApp(front)`, a function of the
   * `FrontTools` that makes such an app. @default undefined
   */
  readonly entry?: string | undefined;
  /** Runtime that runs Vite. @default "node" if there is one, else the runtime that runs the sidecar */
  readonly executor?: Executor | undefined;
  /**
   * Who makes the pages: `"spa"` one `index.html`, `"template"`, `"htmx"` and `"hybrid"` the app, `"framework"` Astro,
   * SvelteKit, Nuxt, React Router or TanStack Start.
   *
   * Any other word is Vite's mode, as in `vite --mode`. @default "spa" if there is an index.html; else "framework" if
   * package.json names one; else "template"
   */
  readonly mode?: string | undefined;
  /** The framework that makes the pages. @default the one that `package.json` names */
  readonly framework?: FrameworkName | undefined;
  /** Vite's mode: it chooses the `.env` files. @default "development" with Vite, "production" for a build */
  readonly viteMode?: string | undefined;
  /**
   * Whether Vite serves the sources, or what was built of them is served.
   *
   * @default as VITE_DEV_MODE, else NODE_ENV says; else a build that is there is served
   */
  readonly dev?: boolean | undefined;
  /** Below which path the page of a single-page app stands, such as `/ui/`; in production. @default "/" */
  readonly spaPath?: string | undefined;
  /** Below which path `healthz` and `readyz` answer in production; `false` for none. @default "/" */
  readonly healthPath?: string | false | undefined;
  /** Two ports: Vite listens for the browser itself and forwards to the backend. @default false */
  readonly direct?: boolean | undefined;
  /** Origin of a Vite that runs already; none is started then. @default undefined */
  readonly viteUrl?: string | undefined;
  /** Vite's dev base, such as `/static/` for pages that the backend renders. @default what `vite.config` says */
  readonly base?: string | undefined;
  /**
   * Where built files are served: a path such as `/static/`, or a URL such as `https://cdn.example.com/static/`.
   *
   * A build gets it as Vite's `base`. In development its path is the base where the backend renders the pages.
   *
   * @default as `vite.config` or the build says, else "/static/"
   */
  readonly assetUrl?: string | undefined;
  /** Folder of the built front end, relative to `root`. @default as `vite.config` says, else "dist" */
  readonly bundleDir?: string | undefined;
  /** The build's manifest, relative to `bundleDir`. @default ".vite/manifest.json", or else "manifest.json" */
  readonly manifest?: string | undefined;
  /** Sources that a page or a template loads, relative to `root`. @default as `vite.config` says, else "index.html" */
  readonly input?: string | readonly string[] | undefined;
  /** Module that renders pages on the server, relative to `root`; built after the front end. @default undefined */
  readonly ssrEntry?: string | undefined;
  /** Folder of what is built of `ssrEntry`, relative to `root`, outside `bundleDir`. @default "dist-ssr" */
  readonly ssrDir?: string | undefined;
  /**
   * The built module that renders an app's pages, relative to `root`, such as `dist/ssr/ssr.js`.
   *
   * @default what was built of `ssrEntry`, in `ssrDir`
   */
  readonly ssrBundle?: string | undefined;
  /**
   * Where it runs: in a thread of this process (`"in-process"`), or as a server in a process of its own.
   *
   * @default "auto": in this process if it exports a function that renders
   */
  readonly ssrMode?: "auto" | "process" | "in-process" | undefined;
  /** Values that the front end imports from `virtual:lv-static-props`; plain JSON, for everybody to see. */
  readonly staticProps?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the tags of a build carry `integrity`, so that a browser runs nothing else. @default false */
  readonly integrity?: boolean | undefined;
  /** Whether a build has a compressed copy of each file that is worth it. @default true */
  readonly precompress?: boolean | undefined;
  /** Whether other machines may be served: `host` may be other than loopback. @default false */
  readonly allowRemote?: boolean | undefined;
  /**
   * Hosts let in beside `localhost` and IP addresses: exact, or `.example.com` with its subdomains.
   *
   * Any other `Host` gets a 403. `true` lets all in, and with them DNS rebinding. @default []
   */
  readonly allowedHosts?: true | readonly string[] | undefined;
  /** Peers (addresses, CIDR, or `"*"`) whose `X-Forwarded-*` headers are believed. @default [] */
  readonly trustedProxies?: readonly string[] | undefined;
  /** From the start of Vite to its first answer, in milliseconds; 0 waits for ever. @default 30000 */
  readonly startTimeout?: Duration | undefined;
  /** Limits in time of what is forwarded, in milliseconds. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Path patterns that belong to the app whatever else holds, such as `/reports/*`. @default [] */
  readonly appRoutes?: readonly string[] | undefined;
  /** Path patterns that belong to Vite whatever else holds. @default [] */
  readonly viteRoutes?: readonly string[] | undefined;
  /** Limit of the cache of Vite's immutable answers, in bytes; 0 switches it off. @default 67108864 */
  readonly cacheBytes?: number | undefined;
  /** Limit of one queue of a bridged socket, in bytes; a peer that reads slower is closed. @default 25165824 */
  readonly socketQueueBytes?: number | undefined;
  /** The file that tells a backend where Vite is, relative to `root`. @default "public/hot" */
  readonly hotFile?: string | undefined;
  /** Pieces of HTML that go into every page from Vite: fixed, or made for each request. @default undefined */
  readonly inject?: Inject | undefined;
  /** What pages find in `window.__LV_ROUTES__`, for everybody to see: plain JSON; `true` for the table of `entry`. @default undefined */
  readonly routes?: unknown;
  /** Another name for `__LV_ROUTES__`, such as `__LITESTAR_ROUTES__`. @default "__LV_ROUTES__" */
  readonly routesGlobal?: string | undefined;
  /** Gives the CSRF token of a request; pages find it in `window.__LV_CSRF__`. @default undefined */
  readonly csrfToken?: ((request: Request) => string | Promise<string>) | undefined;
  /** Another name for `__LV_CSRF__`, such as `__LITESTAR_CSRF__`. @default "__LV_CSRF__" */
  readonly csrfGlobal?: string | undefined;
  /** Whether each page gets a nonce of its own on its scripts and styles; it is then kept by nobody. @default false */
  readonly nonce?: boolean | undefined;
  /** The header `Content-Security-Policy` of pages; with `nonce`, the nonce is added to it. @default undefined */
  readonly contentSecurityPolicy?: string | undefined;
  /** Types and URLs that are generated for the front end, and kept fresh in `dev`. @default false */
  readonly types?: boolean | TypesOptions | undefined;
  /** Whether to open a browser when everything answers; only the command line does. @default false */
  readonly open?: boolean | undefined;
  /** How much is logged: problems alone, one line per event, or every request too. @default "normal" */
  readonly logLevel?: "quiet" | "normal" | "verbose" | undefined;
}

/** What a function in `sidecar.config.ts` gets. */
export interface ConfigEnv {
  /** The command that reads the file. */
  readonly command:
    | ("dev" | "child" | "build" | "serve")
    | ("generate-types" | "export-routes" | "export-schema");
  /** Vite's mode, as far as flags give it. */
  readonly mode: string;
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `sidecar.config.ts` may export as `default`. */
export type SidecarConfigExport =
  | SidecarOptions
  | ((env: ConfigEnv) => SidecarOptions | Promise<SidecarOptions>);

/**
 * Returns its argument: it gives an editor the types of `sidecar.config.ts`.
 *
 * @example Fixed options
 * ```ts
 * import { defineConfig } from "@lv/sidecar";
 *
 * export default defineConfig({ backend: "http://127.0.0.1:8001", appRoutes: ["/reports/*"] });
 * ```
 *
 * @example Options that depend on the mode
 * ```ts
 * import { defineConfig } from "@lv/sidecar";
 *
 * export default defineConfig(({ mode }) => ({ open: mode === "development" }));
 * ```
 *
 * @param config The options, or a function that returns them.
 * @returns The argument itself.
 */
export function defineConfig<Export extends SidecarConfigExport>(config: Export): Export {
  return config;
}
