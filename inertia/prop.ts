/**
 * What all kinds of props have in common.
 *
 * A kind is a set of capabilities; which ones it has, is said in the file of that name.
 *
 * @module
 */
import type { MergeRule } from "./merge_rule.ts";
import type { OnceRule } from "./once_rule.ts";
import type { ScrollRule } from "./scroll_metadata.ts";

/** What a prop's function is given. */
export interface PropContext {
  /** The request that is answered. */
  readonly request: Request;
  /** Ends when the client went away, or the props took too long. */
  readonly signal: AbortSignal;
}

/** A function that computes a prop, now or later. */
export type PropFunction<T> = (context: PropContext) => T | Promise<T>;

/** A value, or a function that computes it when it is sent. */
export type PropSource<T> = T | PropFunction<T>;

/** Whether a first visit has the prop: `maybe` where it is loaded afterwards, or never. */
export type Presence = "sent" | "maybe";

/** The names of the kinds. */
export type PropKind = "always" | "optional" | "defer" | "merge" | "once" | "scroll";

/** What a kind can do; what is not there it can't. */
export interface PropCapabilities {
  /** Not on a first visit. */
  readonly skipsFirstVisit?: boolean;
  /** Loaded right after the first visit, with the others of this group. */
  readonly group?: string | undefined;
  /** Left out if its function throws. */
  readonly rescue?: boolean;
  /** Joined with what the client has. */
  readonly merge?: MergeRule | undefined;
  /** Kept by the client from visit to visit. */
  readonly once?: OnceRule | undefined;
  /** A list that grows while it is scrolled. */
  readonly scroll?: ScrollRule | undefined;
}

/**
 * A prop with capabilities, made by `always`, `optional`, `defer`, `merge`, `once` or `scroll`.
 *
 * @example A helper of one's own
 * ```ts
 * import { defer, type Prop } from "@lv/sidecar/inertia";
 * import { equal } from "node:assert/strict";
 *
 * const statistics = <T>(load: () => T): Prop<T, "maybe"> =>
 *   defer(load, { group: "statistics", rescue: true });
 * equal(statistics(() => 3).kind, "defer");
 * ```
 *
 * @typeParam T What the client gets.
 * @typeParam P Whether a first visit has it.
 */
export class Prop<T, P extends Presence = Presence> {
  /** Which kind it is. */
  readonly kind: PropKind;
  /** Its value, or the function that computes it. */
  readonly source: PropSource<T>;
  /** Whether a first visit does without. */
  readonly skipsFirstVisit: boolean;
  /** The group that it is loaded with, if it is deferred. */
  readonly group: string | undefined;
  /** Whether it is left out when its function throws. */
  readonly rescue: boolean;
  /** How it merges, if it does. */
  readonly merge: MergeRule | undefined;
  /** How the client keeps it, if it does. */
  readonly once: OnceRule | undefined;
  /** How it scrolls, if it does. */
  readonly scroll: ScrollRule | undefined;
  /** For the type checker alone: there is no such property. */
  declare readonly presence: P;

  /** Made by the functions named after the kinds. */
  constructor(kind: PropKind, source: PropSource<T>, capabilities: PropCapabilities = {}) {
    this.kind = kind;
    this.source = source;
    this.skipsFirstVisit = capabilities.skipsFirstVisit ?? false;
    this.group = capabilities.group;
    this.rescue = capabilities.rescue ?? false;
    this.merge = capabilities.merge;
    this.once = capabilities.once;
    this.scroll = capabilities.scroll;
  }
}
