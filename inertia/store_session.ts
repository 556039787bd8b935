/**
 * A session in a store that several machines share.
 *
 * @module
 */
import { ID_REGEXP, randomId } from "./random_id.ts";
import {
  EMPTY_STATE,
  type InertiaSession,
  isBlankState,
  type SessionChange,
  type SessionContext,
  type SessionState,
} from "./session.ts";
import { type SessionCookie, sessionCookie, type SessionCookieOptions } from "./session_cookie.ts";

/** What is needed of a store; `createStorage` of `unstorage` gives one, for Redis and many others. */
export interface SessionStorage {
  /**
   * Reads a value.
   *
   * @param key Its key.
   * @returns The value; null if there is none.
   */
  getItem(key: string): Promise<unknown>;
  /**
   * Keeps a value, which is JSON.
   *
   * @param key Its key.
   * @param value The value.
   * @param options For how many seconds, if the store can forget by itself.
   */
  setItem(key: string, value: StoredSession, options?: { readonly ttl?: number }): Promise<void>;
  /**
   * Forgets a value.
   *
   * @param key Its key.
   */
  removeItem(key: string): Promise<void>;
}

/** What is in the store. */
export interface StoredSession {
  /** The state. */
  readonly state: SessionState;
  /** When it is over, in milliseconds since the epoch: not all stores forget by themselves. */
  readonly expiresAt: number;
}

/** Options of {@linkcode storeSession}. */
export interface StoreSessionOptions extends SessionCookieOptions {
  /** The store. */
  readonly storage: SessionStorage;
  /** What its keys begin with. @default "session" */
  readonly prefix?: string | undefined;
  /** How long the store may take for one step, in milliseconds; 0 for ever. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Keeps what one request leaves for the next in a store; the visitor has a random id of 256 bits in a cookie.
 *
 * Several machines share it by sharing the store. Requests of one visitor that change different values at the same time
 * keep both, as far as one process answers them; between two machines the time from reading to writing is left.
 *
 * @example Usage
 * ```ts
 * import { createInertia, storeSession } from "@lv/sidecar/inertia";
 * import { createStorage } from "unstorage";
 *
 * // import redisDriver from "unstorage/drivers/redis";
 * // createStorage({ driver: redisDriver({ url: "redis://127.0.0.1" }) })
 * createInertia({ session: storeSession({ storage: createStorage() }) });
 * ```
 *
 * @param options The store, and how the cookie is set.
 * @returns The session.
 * @throws {TypeError} If a browser would refuse the cookie.
 */
export function storeSession(options: StoreSessionOptions): InertiaSession {
  return new StoredSessions(options);
}

/** Less than this part of its time is left: then it is kept anew, and the cookie too. */
const STALE_PART = 0.5;

class StoredSessions implements InertiaSession {
  readonly hasToken = true;
  readonly #cookie: SessionCookie;
  readonly #storage: SessionStorage;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  /** The ids that requests came with, and which the store knew. */
  readonly #ids = new WeakMap<Request, string>();
  readonly #stale = new WeakSet<Request>();
  /** Writes of one session, one after the other. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor({ storage, prefix = "session", timeoutMs = 5000, ...cookie }: StoreSessionOptions) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#timeoutMs = timeoutMs;
    this.#cookie = sessionCookie(cookie);
  }

  read(request: Request, context: SessionContext): SessionState | Promise<SessionState> {
    const ids = this.#cookie.values(request, context.isSecure).filter((id) => ID_REGEXP.test(id));
    // Of several, the browser's first; an id that we did not give is nobody's.
    return ids[0] === undefined ? EMPTY_STATE : this.#readId(request, ids[0], context);
  }

  async write(
    request: Request,
    state: SessionState,
    headers: Headers,
    change: SessionChange,
  ): Promise<void> {
    const id = this.#ids.get(request);
    if (id !== undefined) {
      await this.#inTurn(id, () => this.#rewrite(request, id, headers, change));
    } else if (!isBlankState(state)) {
      await this.#create(request, state, headers, change);
    }
  }

  isStale(request: Request): boolean {
    return this.#stale.has(request);
  }

  async #readId(request: Request, id: string, context: SessionContext): Promise<SessionState> {
    const stored = await this.#load(id, context);
    if (stored === undefined) return EMPTY_STATE;
    this.#ids.set(request, id);
    const leftMs = stored.expiresAt - context.nowMs;
    if (leftMs < this.#cookie.maxAge * 1000 * STALE_PART) this.#stale.add(request);
    return stored.state;
  }

  async #create(
    request: Request,
    state: SessionState,
    headers: Headers,
    context: SessionContext,
  ): Promise<void> {
    const id = randomId();
    await this.#save(id, state, context);
    this.#ids.set(request, id);
    this.#cookie.set(headers, id, context.isSecure);
  }

  async #rewrite(
    request: Request,
    id: string,
    headers: Headers,
    change: SessionChange,
  ): Promise<void> {
    const latest = await this.#load(id, change);
    if (latest === undefined) {
      // A logout meanwhile. To write would undo it, and to set a cookie would end the session that came instead.
      change.report(
        new Error("Cannot keep a change of the session: it was ended by another request"),
      );
      return;
    }
    const next = change.change(latest.state);
    if (isBlankState(next)) {
      await this.#remove(id);
      this.#cookie.expire(headers, change.isSecure);
    } else if (change.isRenewed) {
      await this.#create(request, next, headers, change);
      await this.#remove(id);
    } else {
      await this.#save(id, next, change);
      // Not each time: the answer to a login could be overtaken by one that names the old session.
      if (this.isStale(request)) this.#cookie.set(headers, id, change.isSecure);
    }
  }

  async #load(id: string, { nowMs }: SessionContext): Promise<StoredSession | undefined> {
    const stored = await this.#soon(this.#storage.getItem(this.#key(id)), "read");
    return isStoredSession(stored) && stored.expiresAt > nowMs ? stored : undefined;
  }

  async #save(id: string, state: SessionState, { nowMs }: SessionContext): Promise<void> {
    const ttl = this.#cookie.maxAge;
    const stored = { state, expiresAt: nowMs + ttl * 1000 };
    await this.#soon(this.#storage.setItem(this.#key(id), stored, { ttl }), "write");
  }

  async #remove(id: string): Promise<void> {
    await this.#soon(this.#storage.removeItem(this.#key(id)), "remove");
  }

  #key(id: string): string {
    return `${this.#prefix}:${id}`;
  }

  /** Two requests of one visitor read, change and write: not in each other's midst. */
  async #inTurn(id: string, write: () => Promise<void>): Promise<void> {
    const before = this.#queues.get(id);
    const mine = before === undefined ? write() : before.then(write);
    // The next one does not care how this one ended.
    const settled = mine.catch(() => {});
    this.#queues.set(id, settled);
    await mine.finally(() => {
      if (this.#queues.get(id) === settled) this.#queues.delete(id);
    });
  }

  async #soon<T>(value: Promise<T>, action: string): Promise<T> {
    if (this.#timeoutMs === 0) return await value;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() =>
      late.reject(
        new DOMException(
          `Cannot ${action} a session: the store did not answer within ${this.#timeoutMs} ms`,
          "TimeoutError",
        ),
      ), this.#timeoutMs);
    try {
      return await Promise.race([value, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Others may write into the same store. */
function isStoredSession(value: unknown): value is StoredSession {
  return typeof value === "object" && value !== null && "state" in value &&
    typeof value.state === "object" && value.state !== null &&
    "expiresAt" in value && typeof value.expiresAt === "number";
}
