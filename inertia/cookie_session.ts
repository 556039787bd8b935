/**
 * A session that is in the visitor's own cookie, sealed.
 *
 * @module
 */
import type * as Iron from "iron-webcrypto";
import {
  EMPTY_STATE,
  type InertiaSession,
  isBlankState,
  lastingState,
  type SessionContext,
  type SessionState,
} from "./session.ts";
import {
  fitsCookie,
  MAX_COOKIE_BYTES,
  type SessionCookie,
  sessionCookie,
  type SessionCookieOptions,
} from "./session_cookie.ts";
import { deriveSealKey, findKeys, type SealKey, type SessionKey } from "./session_keys.ts";

/** Options of {@linkcode cookieSession}. */
export interface CookieSessionOptions extends SessionCookieOptions {
  /**
   * The secrets, the newest first: it seals, and cookies of the others are still read, and sealed anew.
   * @default the environment variable LV_SESSION_KEY, with commas between them
   */
  readonly keys?: SessionKey | readonly SessionKey[] | undefined;
  /**
   * Whether a secret that lasts as long as the process will do where there is none.
   * @default whether NODE_ENV is "development" or "test"
   */
  readonly dev?: boolean | undefined;
}

/**
 * Keeps what one request leaves for the next in a cookie that is encrypted and signed (`@hapi/iron`'s format, by
 * `iron-webcrypto`): there is no store, and any machine that has the key reads it.
 *
 * A cookie can't be revoked, and of two answers that change it at once the last one wins: keep in it who somebody is,
 * not what changes often. It holds about 2,900 bytes of JSON. `storeSession` has neither limit.
 *
 * @example Usage
 * ```ts
 * import { cookieSession, createInertia } from "@lv/sidecar/inertia";
 *
 * createInertia({
 *   session: cookieSession({ keys: ["the newest secret, of 32 characters or more"] }),
 * });
 * ```
 *
 * @param options The secrets, and how the cookie is set.
 * @returns The session.
 * @throws {TypeError} If there is no secret in production, one is too short, or a browser would refuse the cookie.
 */
export function cookieSession(options: CookieSessionOptions = {}): InertiaSession {
  return new SealedCookie(sessionCookie(options), findKeys(options.keys, options.dev));
}

/** Of several cookies with one name, so many are tried. */
const MAX_TRIED = 4;

/** More than half of its time a cookie is as it was; then it is set anew. */
const STALE_PART = 0.5;

/** Sealed cookies whose text is remembered: opening one takes longer than most pages do. */
const MAX_OPENED = 500;

/** What a sealed cookie was. */
interface Opened {
  readonly json: string;
  readonly expiresAtMs: number;
  readonly keyId: string;
}

/** Loaded when there is something to seal: who keeps sessions elsewhere, or none, needs no package. */
async function loadIron(): Promise<typeof Iron> {
  return await import("iron-webcrypto");
}

class SealedCookie implements InertiaSession {
  readonly hasToken = true;
  readonly #cookie: SessionCookie;
  readonly #secrets: readonly SessionKey[];
  readonly #opened = new Map<string, Opened>();
  readonly #stale = new WeakSet<Request>();
  #keys: Promise<readonly SealKey[]> | undefined;

  constructor(cookie: SessionCookie, secrets: readonly SessionKey[]) {
    this.#cookie = cookie;
    this.#secrets = secrets;
  }

  read(request: Request, context: SessionContext): SessionState | Promise<SessionState> {
    const values = this.#cookie.values(request, context.isSecure).filter((value) => value !== "");
    return values.length === 0 ? EMPTY_STATE : this.#readAny(request, values, context);
  }

  async write(
    _request: Request,
    state: SessionState,
    headers: Headers,
    { isSecure, nowMs, report }: SessionContext,
  ): Promise<void> {
    if (isBlankState(state)) return this.#cookie.expire(headers, isSecure);
    const whole = await this.#seal(state, nowMs);
    if (this.#fits(whole)) return this.#cookie.set(headers, whole, isSecure);
    // What is told once is of the visitor's making: a long form with many errors must not end in a 500.
    const lasting = await this.#seal(lastingState(state), nowMs);
    if (!this.#fits(lasting)) throw this.#tooLarge("data", lasting);
    report(this.#tooLarge("flash and errors", whole));
    this.#cookie.set(headers, lasting, isSecure);
  }

  isStale(request: Request): boolean {
    return this.#stale.has(request);
  }

  async #readAny(
    request: Request,
    values: readonly string[],
    context: SessionContext,
  ): Promise<SessionState> {
    const keys = await this.#sealKeys();
    for (const value of values.slice(0, MAX_TRIED)) {
      const opened = this.#remembered(value, context) ?? await this.#open(value, keys, context);
      if (opened === undefined) continue;
      const leftMs = opened.expiresAtMs - context.nowMs;
      const isOld = leftMs < this.#cookie.maxAge * 1000 * STALE_PART;
      if (isOld || opened.keyId !== keys[0]?.id) this.#stale.add(request);
      return JSON.parse(opened.json) as SessionState; // We sealed it.
    }
    return EMPTY_STATE;
  }

  #remembered(sealed: string, { nowMs }: SessionContext): Opened | undefined {
    const opened = this.#opened.get(sealed);
    return opened !== undefined && opened.expiresAtMs > nowMs ? opened : undefined;
  }

  async #open(
    sealed: string,
    keys: readonly SealKey[],
    context: SessionContext,
  ): Promise<Opened | undefined> {
    try {
      if (!fitsCookie(this.#cookie.name, sealed)) {
        throw new RangeError(`it is longer than ${MAX_COOKIE_BYTES} bytes`);
      }
      const byId = Object.fromEntries(keys.map((key) => [key.id, key]));
      const { unseal, defaults } = await loadIron();
      const json = await unseal(sealed, byId, this.#options(defaults, context.nowMs));
      // Case: Fe26.2*id**iv*data*1795000000000**mac
      const [, keyId = "", , , , expires] = sealed.split("*");
      const opened = { json: String(json), keyId, expiresAtMs: Number(expires) };
      this.#remember(sealed, opened);
      return opened;
    } catch (cause) {
      context.report(
        new Error(
          "Cannot open the session's cookie: it was changed, is over, or has a key of somebody else",
          { cause },
        ),
      );
      return undefined;
    }
  }

  #remember(sealed: string, opened: Opened): void {
    this.#opened.set(sealed, opened);
    if (this.#opened.size <= MAX_OPENED) return;
    const [oldest] = this.#opened.keys();
    if (oldest !== undefined) this.#opened.delete(oldest);
  }

  async #seal(state: SessionState, nowMs: number): Promise<string> {
    const [newest] = await this.#sealKeys();
    if (newest === undefined) throw new TypeError("Cannot seal a session: there is no key");
    const { seal, defaults } = await loadIron();
    return await seal(state, newest, this.#options(defaults, nowMs));
  }

  #options(defaults: typeof Iron.defaults, nowMs: number): typeof Iron.defaults {
    return {
      ...defaults,
      ttl: this.#cookie.maxAge * 1000,
      timestampSkewSec: 0,
      // It reads the clock by itself; this is the difference to ours.
      localtimeOffsetMsec: nowMs - Date.now(),
      encode: JSON.stringify,
      decode: (json) => json,
    };
  }

  /** Derived when somebody has a session: to make the object, nothing is waited for. */
  #sealKeys(): Promise<readonly SealKey[]> {
    return this.#keys ??= Promise.all(
      this.#secrets.map((secret) => deriveSealKey(secret, `session "${this.#cookie.name}"`)),
    );
  }

  #fits(sealed: string): boolean {
    return fitsCookie(this.#cookie.name, sealed);
  }

  #tooLarge(what: string, sealed: string): RangeError {
    return new RangeError(
      `Cannot keep the session's ${what}: the cookie "${this.#cookie.name}" would have ${sealed.length} characters, ` +
        `and browsers keep ${MAX_COOKIE_BYTES} bytes; put less into it, or use storeSession`,
    );
  }
}
