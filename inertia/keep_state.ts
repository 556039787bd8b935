/**
 * What is read of a session, and what is left in it.
 *
 * @module
 */
import { isRedirect } from "./answer_rule.ts";
import { cookieValues, renderCookie } from "./cookies.ts";
import { TOKEN_COOKIE } from "./csrf_rule.ts";
import { deepEqual } from "./deep_equal.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import { randomId } from "./random_id.ts";
import { originOf } from "./request_url.ts";
import {
  EMPTY_STATE,
  type InertiaSession,
  isEmptyState,
  mergeState,
  type SessionContext,
  type SessionState,
  withoutTold,
} from "./session.ts";
import { SessionError } from "./session_error.ts";
import type { Settings } from "./settings.ts";
import { Session } from "./user_session.ts";
import type { Visit } from "./visit.ts";

/** What the request before left; read once, however many ask. */
export function incomingState(settings: Settings, visit: Visit): MaybePromise<SessionState> {
  const { session } = settings;
  if (session === undefined) return EMPTY_STATE;
  return visit.incoming ?? (visit.reading ??= readState(settings, session, visit));
}

function readState(
  settings: Settings,
  session: InertiaSession,
  visit: Visit,
): MaybePromise<SessionState> {
  const fail = (cause: unknown): never => failed(settings, visit, "read", cause);
  try {
    const state = session.read(visit.ask.request, contextOf(settings, visit));
    if (state instanceof Promise) return state.then((state) => visit.incoming = state, fail);
    return visit.incoming = state;
  } catch (cause) {
    return fail(cause);
  }
}

/** Reported here, with its cause; who answers needs to know no more than that it failed. */
function failed(settings: Settings, visit: Visit, action: "read" | "keep", cause: unknown): never {
  settings.report(cause, { source: "session", request: visit.ask.request });
  throw new SessionError(`Cannot ${action} the session: what keeps it failed`, { cause });
}

function contextOf(settings: Settings, { ask: { request } }: Visit): SessionContext {
  return {
    isSecure: originOf(request, settings).startsWith("https:"),
    nowMs: settings.now(),
    report: (error) => settings.report(error, { source: "session", request }),
  };
}

/**
 * Opens the session as the app uses it.
 *
 * @throws {TypeError} If there is none.
 */
export async function openSession(settings: Settings, visit: Visit): Promise<Session> {
  if (settings.session === undefined) {
    throw new TypeError(
      "Cannot open the session: there is none; give createInertia one, or set LV_SESSION_KEY",
    );
  }
  return sessionOf(visit, await incomingState(settings, visit));
}

function sessionOf(visit: Visit, state: SessionState): Session {
  return visit.session ??= new Session(state, {
    flash: (values) => visit.say({ flash: values }),
    forgetFlash: () => visit.forget(),
    createToken: randomId,
  });
}

/** What no page told waits for the next one; what one told is gone. */
export async function keepState(
  settings: Settings,
  visit: Visit,
  response: Response,
): Promise<Response> {
  const { session } = settings;
  const isSaid = !isEmptyState(visit.said);
  if (session === undefined) {
    if (isSaid) warnOfLoss(settings, visit, response);
    return response;
  }
  const isUsed = isSaid || visit.isTold || visit.incoming !== undefined;
  // An upgrade has no fields that a browser looks at, and an error of `fetch` has none at all.
  if (!isUsed || response.status === 101 || response.type === "error") return response;
  const before = await incomingState(settings, visit);
  const headers = new Headers();
  const next = await writeChanges(settings, session, visit, before, headers, response);
  setTokenCookie(settings, visit, next.token, headers);
  visit.said = EMPTY_STATE;
  return withHeader(response, (own) => headers.forEach((value, name) => own.append(name, value)));
}

async function writeChanges(
  settings: Settings,
  session: InertiaSession,
  visit: Visit,
  before: SessionState,
  headers: Headers,
  response: Response,
): Promise<SessionState> {
  const isPage = response === visit.page && !visit.ask.isPrefetch;
  if (settings.csrf !== undefined && isPage) sessionOf(visit, before).token();
  const { session: own, said, isTold, isForgotten, ask: { request } } = visit;
  const change = (latest: SessionState): SessionState => {
    const left = isTold || isForgotten ? withoutTold(latest, before) : latest;
    return mergeState(own?.applyTo(left) ?? left, said);
  };
  const next = change(before);
  const isRenewed = own?.isRenewed ?? false;
  const isSame = !isRenewed && deepEqual(next, mergeState(before, EMPTY_STATE));
  if (isSame && !session.isStale?.(request)) return next;
  try {
    const context = contextOf(settings, visit);
    await session.write(request, next, headers, { ...context, isRenewed, change });
  } catch (cause) {
    failed(settings, visit, "keep", cause);
  }
  return next;
}

/** Set only where the browser has another one: a cookie on each answer keeps caches from working. */
function setTokenCookie(
  { csrf, ...settings }: Settings,
  { ask: { request } }: Visit,
  token: string | undefined,
  headers: Headers,
): void {
  if (csrf === undefined || token === undefined) return;
  const known = cookieValues(request.headers.get("cookie"), TOKEN_COOKIE);
  if (known.length === 1 && known[0] === token) return;
  const secure = originOf(request, settings).startsWith("https:");
  const { path = "/", domain } = csrf;
  const attributes = { path, domain, sameSite: "lax", secure, httpOnly: false } as const;
  headers.append("set-cookie", renderCookie(TOKEN_COOKIE, token, attributes));
}

/**
 * Changes the fields: of a copy where it has to be one.
 *
 * An answer without a body can be a constant that answers everybody, and a cookie in it would go to the next visitor,
 * too. And the fields of `fetch` and `Response.redirect` can't be changed.
 */
export function withHeader(response: Response, change: (headers: Headers) => void): Response {
  if (response.body !== null) {
    try {
      change(response.headers);
      return response;
    } catch {
      // Changed in the copy.
    }
  }
  const copy = new Response(response.body, response);
  change(copy.headers);
  return copy;
}

function warnOfLoss({ report }: Settings, visit: Visit, response: Response): void {
  if (!isRedirect(response.status, response.headers.get("location")) && response.status !== 409) {
    return;
  }
  report(new Error("Cannot keep flash and errors for the next request: there is no session"), {
    source: "session",
    request: visit.ask.request,
  });
}
