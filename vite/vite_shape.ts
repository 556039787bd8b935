/**
 * The little that the plugin uses of Vite's own types, as they are from Vite 6 to 8.
 *
 * Written by hand: types of one major do not fit another, and a package that names Vite, if only for its types, brings
 * a second Vite into a project.
 *
 * @module
 */

/** Options of a build. */
export interface BuildShape {
  outDir?: string;
  manifest?: boolean | string;
  ssr?: boolean | string;
  ssrManifest?: boolean | string;
  assetsInlineLimit?: unknown;
  copyPublicDir?: boolean;
  lib?: unknown;
  rollupOptions?: { input?: unknown };
  rolldownOptions?: { input?: unknown };
}

/** The user's configuration. */
export interface ConfigShape {
  root?: string;
  base?: string;
  input?: unknown;
  publicDir?: string | false;
  clearScreen?: boolean;
  build?: BuildShape;
  resolve?: { alias?: unknown };
  server?: { middlewareMode?: unknown; https?: unknown; host?: unknown };
}

/** What Vite makes of it. */
export interface ResolvedConfigShape {
  readonly root: string;
  readonly base: string;
  readonly logger: { warn(message: string): void; info(message: string): void };
  readonly plugins: readonly { readonly name: string }[];
  readonly server: { readonly https?: unknown; readonly host?: unknown };
}

/** Vite's dev server. */
export interface ServerShape {
  readonly config: ResolvedConfigShape;
  readonly resolvedUrls:
    | { readonly local: readonly string[]; readonly network: readonly string[] }
    | null;
  readonly httpServer: {
    once(event: string, listener: () => void): unknown;
    address(): unknown;
  } | null;
  readonly watcher: {
    add(paths: string | readonly string[]): unknown;
    on(event: string, listener: (path: string) => void): unknown;
  };
  readonly ws: {
    send(
      payload:
        | { type: "full-reload"; path: string }
        | { type: "custom"; event: string; data: unknown },
    ): void;
  };
  restart(): Promise<void>;
}

/** What a hook is told of Vite. */
export interface HookContext {
  readonly meta?: { readonly rolldownVersion?: string };
}
