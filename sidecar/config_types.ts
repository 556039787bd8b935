/**
 * The shapes of a resolved configuration: what the rest of the request path reads.
 *
 * @module
 */
import type { CheckedTypesOptions } from "../typegen/options.ts";
import type { FrameworkName } from "./framework.ts";

/** Which runtime runs Vite. */
export type Executor = "node" | "bun" | "deno";

/** Who answers what Vite does not own. */
export type AppConfig =
  /** Nobody: Vite's pages alone. */
  | { readonly kind: "none" }
  /** A fetch handler in this process, given to `serve` or `fetch`. */
  | { readonly kind: "handler" }
  /** A module that exports `createApp` or `default { fetch }`; absolute path. */
  | { readonly kind: "entry"; readonly path: string }
  /** A backend that runs already. */
  | { readonly kind: "backend"; readonly url: string }
  /** A backend that we start; `{port}` in an argument is replaced by a free port. No shell. */
  | { readonly kind: "command"; readonly argv: readonly string[] };

/** Where Vite comes from. */
export type ViteConfig =
  /** We start it. Without `executor`: node if there is one, else the runtime that we run on. */
  | { readonly kind: "managed"; readonly executor: Executor | undefined }
  /** It runs already at this origin, for example `http://127.0.0.1:5173`. */
  | { readonly kind: "external"; readonly url: string };

/** Limits in time; all in milliseconds, all at least 1, 0 switches one off. */
export interface TimeoutConfig {
  /** To connect to an upstream. @default 5000 */
  readonly connectMs: number;
  /** From the request sent to the head of the response. @default 120000 */
  readonly headersMs: number;
  /** Between two chunks of a body; server-sent events are exempt. @default 0 */
  readonly idleMs: number;
  /** From the start of Vite to its first answer. @default 30000 */
  readonly startMs: number;
  /** For running answers to end when we stop. @default 5000 */
  readonly stopMs: number;
  /** For a client to send more of a body that is forwarded. @default 30000 */
  readonly bodyMs: number;
  /** For a client to take more of a body that is forwarded. @default 60000 */
  readonly sendMs: number;
  /** Bun only: for a new connection to send its first request. @default 60000 */
  readonly requestMs: number;
  /** Between two pings of a socket; a peer that is silent for two is gone. @default 30000 */
  readonly pingMs: number;
}

/** Pieces of HTML that go into every page from Vite. */
export interface InjectConfig {
  /** First in `<head>`. */
  readonly headStart?: string;
  /** Last in `<head>`. */
  readonly headEnd?: string;
  /** First in `<body>`. */
  readonly bodyStart?: string;
  /** Last in `<body>`. */
  readonly bodyEnd?: string;
  /** `window.NAME = JSON` in one script, first in `<head>`. The values must be serialisable to JSON. */
  readonly globals?: Readonly<Record<string, unknown>>;
}

/** What a function that injects is told beside the request. */
export interface InjectContext {
  /** The nonce of this page, for scripts of the app's own; `undefined` without the option `nonce`. */
  readonly nonce: string | undefined;
}

/** What goes into a page: fixed, or made for each request. */
export type Inject =
  | InjectConfig
  | ((request: Request, context: InjectContext) => InjectConfig | Promise<InjectConfig>);

/** What every page says. */
export interface PageConfig {
  /** What `window[routesGlobal]` is: plain JSON, or `true` for the app's own table. @default undefined */
  readonly routes: unknown;
  /** Where pages find the routes. @default "__LV_ROUTES__" */
  readonly routesGlobal: string;
  /** Gives the CSRF token of a request, for `window[csrfGlobal]`. @default undefined */
  readonly csrfToken: ((request: Request) => string | Promise<string>) | undefined;
  /** Where pages find the token. @default "__LV_CSRF__" */
  readonly csrfGlobal: string;
  /** Whether each page gets a nonce of its own on its scripts and styles. @default false */
  readonly nonce: boolean;
  /** The `Content-Security-Policy` of pages; the nonce is added to it. @default undefined */
  readonly policy: string | undefined;
}

/** How documents are made. */
export interface ServingConfig {
  /** Whether Vite serves the sources; `undefined` looks whether there is a build. */
  readonly dev: boolean | undefined;
  /**
   * Who makes the pages: one `index.html` (`spa`), the app (`template`, `htmx`, `hybrid`), or a framework's own server.
   *
   * @default as there is one
   */
  readonly pages: "spa" | "template" | "htmx" | "hybrid" | "framework" | undefined;
  /** The framework; `undefined` as `package.json` says. */
  readonly framework: FrameworkName | undefined;
  /** Below which path the page of a single-page app stands. @default "/" */
  readonly spaPath: string;
  /** Below which path `healthz` and `readyz` answer in production; `undefined` for none. @default "/" */
  readonly healthPath: string | undefined;
}

/** What a build is made of, and where it goes. */
export interface BuildConfig {
  /** Where built files are served, with its slash at the end; `undefined` as the build says, else `/static/`. */
  readonly assetUrl: string | undefined;
  /** Absolute path of the built front end. @default "dist" in `root` */
  readonly bundleDir: string;
  /** The manifest, relative to `bundleDir`; `undefined` where Vite puts it. */
  readonly manifest: string | undefined;
  /** Entries of a build, relative to `root`; `undefined` as `vite.config` says, else its `index.html`. */
  readonly input: readonly string[] | undefined;
  /** The module that renders pages, relative to `root`. @default undefined */
  readonly ssrEntry: string | undefined;
  /** Absolute path of what is built of it. @default "dist-ssr" in `root` */
  readonly ssrDir: string;
  /** Absolute path of the built module that renders pages. @default undefined: looked for in `ssrDir` */
  readonly ssrBundle: string | undefined;
  /** Where it runs. @default "auto" */
  readonly ssrMode: "auto" | "process" | "in-process";
  /** What `virtual:lv-static-props` exports; plain JSON. @default undefined */
  readonly staticProps: Readonly<Record<string, unknown>> | undefined;
  /** Whether tags of a build carry `integrity`. @default false */
  readonly integrity: boolean;
  /** Whether `build` writes compressed copies. @default true */
  readonly precompress: boolean;
}

/** A resolved, frozen configuration. */
export interface Config extends BuildConfig, PageConfig, ServingConfig {
  /** Absolute path of the front end's folder: the one of `vite.config` and `package.json`. */
  readonly root: string;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host: string;
  /** Port to listen on; 0 lets the system choose. @default 8000 */
  readonly port: number;
  /** Who answers what Vite does not own. */
  readonly app: AppConfig;
  /** Where Vite comes from. */
  readonly vite: ViteConfig;
  /** Vite's `mode`. @default "development" */
  readonly mode: string;
  /** Two ports: Vite listens for the browser and forwards to the backend (PRD 001). @default false */
  readonly direct: boolean;
  /** The dev base: `/` for a single-page app, or a prefix such as `/static/`; `undefined` as `vite.config` says. */
  readonly base: string | undefined;
  /** Whether `host` may be other than loopback. @default false */
  readonly allowRemote: boolean;
  /** Hosts let in beside loopback, Vite's semantics: exact, or `.example.com` with subdomains; `true` is any. */
  readonly allowedHosts: true | readonly string[];
  /** Peers (addresses or CIDR) whose `X-Forwarded-*` are believed. @default [] */
  readonly trustedProxies: readonly string[];
  /** Path patterns that belong to the app whatever else holds, for example `/reports/*`. */
  readonly appRoutes: readonly string[];
  /** Path patterns that belong to Vite whatever else holds. */
  readonly viteRoutes: readonly string[];
  /** Limits in time. */
  readonly timeouts: TimeoutConfig;
  /** Byte limit of the cache of immutable answers of Vite; 0 switches it off. @default 67108864 */
  readonly cacheBytes: number;
  /** Byte limit of one queue of a bridged socket. @default 25165824 */
  readonly socketQueueBytes: number;
  /** Path of the hot file, relative to `root`. @default "public/hot" */
  readonly hotFile: string;
  /** What goes into every page from Vite. @default undefined */
  readonly inject: Inject | undefined;
  /** What is generated for the front end; `undefined` for nothing. */
  readonly types: CheckedTypesOptions | undefined;
  /** Whether to open a browser when everything answers. @default false */
  readonly open: boolean;
  /** How much is logged. @default "normal" */
  readonly logLevel: "quiet" | "normal" | "verbose";
}
