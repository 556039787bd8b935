/**
 * What stands behind the port, as the front sees it: Vite and the app, each up, starting or down.
 *
 * @module
 */
import type { DownPage } from "./down_page.ts";
import type { Upstream } from "./upstream.ts";

/** A Vite that answers. */
export interface ReadyVite {
  readonly upstream: Upstream;
  /** Vite's version, or `"unknown"` where it was not started by us. */
  readonly version: string;
  /** The dev base, with slashes at both ends. */
  readonly base: string;
  /** What a socket without an `Origin` must show; `undefined` if it is not known. */
  readonly token: string | undefined;
}

/** How Vite is. */
export type ViteCondition =
  | { readonly kind: "ready"; readonly vite: ReadyVite }
  | { readonly kind: "starting" }
  /** `isComingBack`: it is started again by itself. */
  | { readonly kind: "down"; readonly page: DownPage; readonly isComingBack: boolean };

/** Vite, started by us or by somebody else. */
export interface ViteLink {
  /** How it is now. */
  condition(): ViteCondition;
  /** Resolves when it is ready, or down for good; or after so many milliseconds with whatever holds then. */
  whenSettled(withinMs: number): Promise<ViteCondition>;
  /** Resolves when this Vite is no longer the ready one, or after so many milliseconds. */
  whenGone(vite: ReadyVite, withinMs: number): Promise<void>;
  /** The base as far as it is known: of the last ready Vite, of the configuration, or `/`. */
  readonly base: string;
  /** An exchange failed: the link may look again. */
  lost(): void;
  /** An exchange worked. */
  answered(): void;
}

/** A backend at a URL. */
export interface BackendLink {
  readonly upstream: Upstream;
  /** The origin, for logs and pages. */
  readonly origin: string;
  /** What its page says while it is down. */
  downPage(reason: string): DownPage;
  /** An exchange failed to connect. */
  lost(reason: string): void;
  /** An exchange worked. */
  answered(): void;
}

/**
 * Answers a request, as a handler of `Deno.serve` or `Bun.serve` does.
 *
 * The second argument is what the listener gave: Deno's `ServeHandlerInfo`, Bun's `Server`. Its type here lets any
 * handler be assigned, whatever it expects there.
 */
export type AppHandler = (request: Request, native: never) => Response | Promise<Response>;

/** Who answers what Vite does not own. */
export type AppLink =
  | { readonly kind: "none" }
  | { readonly kind: "handler"; readonly handler: AppHandler }
  | { readonly kind: "backend"; readonly backend: BackendLink };

/** Something worth a line in the log. */
export type SidecarEvent =
  /** A request was answered. */
  | {
    readonly kind: "request";
    readonly method: string;
    readonly target: string;
    readonly status: number;
    /** From the request's arrival to the head of its response, in milliseconds. */
    readonly ms: number;
  }
  /** Vite changed its condition. */
  | {
    readonly kind: "vite";
    readonly condition: "ready" | "starting" | "down";
    readonly message: string;
  }
  /** The backend changed its condition. */
  | { readonly kind: "backend"; readonly condition: "up" | "down"; readonly message: string }
  /** What is generated for the front end is another, or could not be. */
  | {
    readonly kind: "types";
    readonly condition: "updated" | "failed";
    readonly message: string;
    /** Paths from the output folder that were written or removed. */
    readonly files: readonly string[];
  }
  /** Something was refused or ignored. */
  | { readonly kind: "warning"; readonly message: string }
  /** A line that Vite, the backend or the SSR bundle wrote. */
  | { readonly kind: "output"; readonly from: "vite" | "backend" | "ssr"; readonly line: string }
  /** Something failed. */
  | { readonly kind: "error"; readonly message: string; readonly error: unknown };
