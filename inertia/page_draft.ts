/**
 * A page on its way: what its later steps look at.
 *
 * @module
 */
import type { RenderOptions } from "./options.ts";
import type { SessionState } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { Visit } from "./visit.ts";

/** A page on its way. */
export interface PageDraft {
  /** How the server is set up. */
  readonly settings: Settings;
  /** The request. */
  readonly visit: Visit;
  /** The client's name of the component. */
  readonly component: string;
  /** What the handler wants of this page. */
  readonly options: RenderOptions;
  /** What the page tells: of the request before, and of this one. */
  readonly state: SessionState;
  /** The version of the assets. */
  readonly version: string;
}
