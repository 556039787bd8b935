/**
 * What one request leaves for the next: flash, errors, two flags.
 *
 * @module
 */
import { deepEqual } from "./deep_equal.ts";
import { type ErrorBags, mergeBags } from "./errors.ts";

/** Values that are told once, by name. */
export type FlashData = Readonly<Record<string, unknown>>;

/** What the app keeps about a visitor, by name. It is JSON. */
export type SessionData = Readonly<Record<string, unknown>>;

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
  /** What the app keeps. */
  readonly data?: SessionData | undefined;
  /** The token that the visitor's forms carry. */
  readonly token?: string | undefined;
}

/** What a session is told about the request, beside itself. */
export interface SessionContext {
  /** Whether the browser speaks TLS, be it with a proxy that is trusted. */
  readonly isSecure: boolean;
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Told of what went wrong, and is no reason to fail. */
  report(error: unknown): void;
}

/** What a session is told about a change, beside the new state. */
export interface SessionChange extends SessionContext {
  /** Whether the visitor gets another identity: what was stolen or planted before is worth nothing then. */
  readonly isRenewed: boolean;
  /**
   * Makes the same change to another state: for a store in which somebody else may have written since it was read.
   *
   * @param latest What is in the store.
   * @returns What shall be there instead.
   */
  change(latest: SessionState): SessionState;
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
   * @param context The time, and whom to tell.
   * @returns The state; an empty object for a stranger.
   */
  read(request: Request, context: SessionContext): SessionState | Promise<SessionState>;
  /**
   * Keeps what the next request shall see, instead of what was there.
   *
   * @param request The request.
   * @param state The new state.
   * @param headers The fields of the answer, for a `Set-Cookie`.
   * @param change The change itself, and whether the visitor gets another identity.
   */
  write(
    request: Request,
    state: SessionState,
    headers: Headers,
    change: SessionChange,
  ): void | Promise<void>;
  /**
   * Says whether what was read is to be written although nothing changed: it ends soon, or has an old key.
   *
   * @param request A request whose state was read.
   */
  isStale?(request: Request): boolean;
  /** Whether the token of forms is kept, and so by default also asked for. @default false */
  readonly hasToken?: boolean | undefined;
}

/** A stranger's. */
export const EMPTY_STATE: SessionState = Object.freeze({});

/** Adds what this request says to what was there: younger values win. */
export function mergeState(before: SessionState, more: SessionState): SessionState {
  return compactState({
    ...before,
    flash: { ...before.flash, ...more.flash },
    errors: mergeBags(before.errors, more.errors),
    clearHistory: before.clearHistory || more.clearHistory,
    preserveFragment: before.preserveFragment || more.preserveFragment,
  });
}

/** Whether a state says nothing that a page would tell. */
export function isEmptyState(state: SessionState): boolean {
  const { flash, errors, clearHistory, preserveFragment } = state;
  return !hasKeys(flash) && !hasKeys(errors) && !clearHistory && !preserveFragment;
}

/** Whether there is nothing at all to keep. */
export function isBlankState(state: SessionState): boolean {
  return !hasKeys(compactState(state));
}

/** What is left when a page told some of it; what came since then is not told yet. */
export function withoutTold(state: SessionState, told: SessionState): SessionState {
  return compactState({
    ...state,
    flash: withoutEqual(state.flash, told.flash),
    errors: withoutEqual(state.errors, told.errors),
    clearHistory: state.clearHistory && !told.clearHistory,
    preserveFragment: state.preserveFragment && !told.preserveFragment,
  });
}

/** The part of a state that no page tells. */
export function lastingState({ previousUrl, data, token }: SessionState): SessionState {
  return compactState({ previousUrl, data, token });
}

function compactState(state: SessionState): SessionState {
  const { flash, errors, clearHistory, preserveFragment, previousUrl, data, token } = state;
  return {
    ...(hasKeys(flash) ? { flash } : {}),
    ...(hasKeys(errors) ? { errors } : {}),
    ...(clearHistory ? { clearHistory } : {}),
    ...(preserveFragment ? { preserveFragment } : {}),
    ...(previousUrl === undefined ? {} : { previousUrl }),
    ...(hasKeys(data) ? { data } : {}),
    ...(token === undefined ? {} : { token }),
  };
}

function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0;
}

function withoutEqual<T>(
  values: Readonly<Record<string, T>> | undefined,
  told: Readonly<Record<string, T>> | undefined,
): Record<string, T> {
  const isTold = (key: string, value: T): boolean =>
    told !== undefined && Object.hasOwn(told, key) && deepEqual(value, told[key]);
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(([key, value]) => !isTold(key, value)),
  );
}
