/**
 * What one request leaves for the next: flash, errors, two flags.
 *
 * @module
 */
import { type ErrorBags, mergeBags } from "./errors.ts";

/** Values that are told once, by name. */
export type FlashData = Readonly<Record<string, unknown>>;

/** What is left for the next request. It is JSON. */
export interface SessionState {
  /** Told by the next page. */
  readonly flash?: FlashData | undefined;
  /** The errors of the next page. */
  readonly errors?: ErrorBags | undefined;
  /** Whether the next page has the browser forget the key of its encrypted history. */
  readonly clearHistory?: boolean | undefined;
  /** Whether the next page keeps the fragment that was asked for. */
  readonly preserveFragment?: boolean | undefined;
  /** Where the user was before, if the session knows. `back` goes there if there is no `Referer`. */
  readonly previousUrl?: string | undefined;
}

/**
 * Where the state of a visitor is kept between two requests.
 *
 * It is read when a page or a redirect needs it, and written only if it changed: once, when the answer is ready.
 * An answer to a stale client touches neither.
 */
export interface InertiaSession {
  /**
   * Reads what was left for this request.
   *
   * @param request The request.
   * @returns The state; an empty object for a stranger.
   */
  read(request: Request): SessionState | Promise<SessionState>;
  /**
   * Keeps what the next request shall see, instead of what was there.
   *
   * @param request The request.
   * @param state The new state.
   * @param headers The fields of the answer, for a `Set-Cookie`.
   */
  write(request: Request, state: SessionState, headers: Headers): void | Promise<void>;
}

/** A stranger's. */
export const EMPTY_STATE: SessionState = Object.freeze({});

/** Adds what this request says to what was there: younger values win. */
export function mergeState(before: SessionState, more: SessionState): SessionState {
  const { previousUrl } = before;
  return compactState({
    flash: { ...before.flash, ...more.flash },
    errors: mergeBags(before.errors, more.errors),
    clearHistory: before.clearHistory || more.clearHistory,
    preserveFragment: before.preserveFragment || more.preserveFragment,
    previousUrl,
  });
}

/** Whether a state says anything that a page would tell. */
export function isEmptyState(state: SessionState): boolean {
  const { previousUrl: _, ...rest } = compactState(state);
  return Object.keys(rest).length === 0;
}

/** What is left when a page told the rest. */
export function withoutTold({ previousUrl }: SessionState): SessionState {
  return compactState({ previousUrl });
}

function compactState(state: SessionState): SessionState {
  const { flash, errors, clearHistory, preserveFragment, previousUrl } = state;
  return {
    ...(hasKeys(flash) ? { flash } : {}),
    ...(hasKeys(errors) ? { errors } : {}),
    ...(clearHistory ? { clearHistory } : {}),
    ...(preserveFragment ? { preserveFragment } : {}),
    ...(previousUrl === undefined ? {} : { previousUrl }),
  };
}

function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0;
}
