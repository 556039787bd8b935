/**
 * The session as an app uses it.
 *
 * @module
 */
import type { SessionData, SessionState } from "./session.ts";

/** What a session needs of the request it belongs to. */
export interface SessionOwner {
  /** Tells values once: by this page, or the next. */
  flash(values: SessionData): void;
  /** Forgets what was flashed, shown as errors or flagged, and not told yet. */
  forgetFlash(): void;
  /** Makes a token that nobody guesses. */
  createToken(): string;
}

/**
 * What the app keeps about a visitor, with Laravel's names: changes are kept when the answer is ready.
 *
 * Values are JSON: a date comes back as text.
 *
 * @typeParam Data The values, by name.
 *
 * @example Who is logged in
 * ```ts
 * import { cookieSession, createInertia, type Session } from "@lv/sidecar/inertia";
 *
 * interface Account {
 *   userId: number;
 * }
 * const inertia = createInertia({ session: cookieSession({ dev: true }) });
 *
 * const login = (request: Request) =>
 *   inertia.handle(request, async () => {
 *     const session: Session<Account> = await inertia.session<Account>(request);
 *     session.regenerate();
 *     session.put("userId", 42);
 *     return inertia.redirect(request, "/");
 *   });
 *
 * const answer = await login(new Request("http://localhost/login"));
 * console.log(answer.headers.getSetCookie().length);
 * ```
 */
export class Session<Data extends object = Record<string, unknown>> {
  readonly #owner: SessionOwner;
  readonly #values: Map<string, unknown>;
  /** What was put or forgotten; the others may be changed by other requests meanwhile. */
  readonly #changed = new Set<string>();
  #isFlushed = false;
  #isRenewed = false;
  #token: string | undefined;
  #hasNewToken = false;

  /** Made by {@linkcode Inertia.session}. */
  constructor(state: SessionState, owner: SessionOwner) {
    this.#owner = owner;
    this.#values = new Map(Object.entries(state.data ?? {}));
    this.#token = state.token;
  }

  /** Gives all values; what is done to the object is not done to the session. */
  all(): Partial<Data> {
    // What was put is of this type, and JSON keeps it.
    return Object.fromEntries(this.#values) as Partial<Data>;
  }

  /**
   * Gives a value.
   *
   * @param key Its name.
   * @param fallback What there is without it.
   */
  get<Key extends keyof Data & string>(key: Key): Data[Key] | undefined;
  /** Gives a value, or what there is without it. */
  get<Key extends keyof Data & string, Fallback>(
    key: Key,
    fallback: Fallback,
  ): Data[Key] | Fallback;
  get(key: string, fallback?: unknown): unknown {
    return this.#values.has(key) ? this.#values.get(key) : fallback;
  }

  /** Says whether there is a value, and not null. */
  has(key: keyof Data & string): boolean {
    return (this.#values.get(key) ?? null) !== null;
  }

  /** Says whether there is none, or null. */
  missing(key: keyof Data & string): boolean {
    return !this.has(key);
  }

  /** Keeps a value. */
  put<Key extends keyof Data & string>(key: Key, value: Data[Key]): void;
  /** Keeps several values. */
  put(values: Partial<Data>): void;
  put(keyOrValues: string | Partial<Data>, value?: unknown): void {
    const values = typeof keyOrValues === "string"
      ? [[keyOrValues, value] as const]
      : Object.entries(keyOrValues);
    for (const [key, value] of values) {
      this.#values.set(key, value);
      this.#changed.add(key);
    }
  }

  /** Gives a value and forgets it. */
  pull<Key extends keyof Data & string>(key: Key): Data[Key] | undefined {
    const value = this.get(key);
    this.forget(key);
    return value;
  }

  /** Forgets values. */
  forget(...keys: readonly (keyof Data & string)[]): void {
    for (const key of keys) {
      if (this.#values.delete(key)) this.#changed.add(key);
    }
  }

  /** Forgets all values; flash and the token stay. */
  flush(): void {
    this.#values.clear();
    this.#isFlushed = true;
  }

  /** Tells a value once: by the page that answers this request, or the next one after a redirect. */
  flash(key: string, value: unknown): void;
  /** Tells several values once. */
  flash(values: SessionData): void;
  flash(keyOrValues: string | SessionData, value?: unknown): void {
    this.#owner.flash(typeof keyOrValues === "string" ? { [keyOrValues]: value } : keyOrValues);
  }

  /**
   * Gives the visitor another identity and another token, and keeps the values: for a login, and whenever somebody may
   * do more than before. Who planted or saw the old identity has nothing of it.
   */
  regenerate(): void {
    this.#isRenewed = true;
    this.regenerateToken();
  }

  /** Forgets everything, and gives the visitor another identity: for a logout. */
  invalidate(): void {
    this.flush();
    this.#owner.forgetFlash();
    this.#isRenewed = true;
    this.#token = undefined;
    this.#hasNewToken = true;
  }

  /** Gives the token of the visitor's forms: for a field `_token`, or a header `X-XSRF-TOKEN`. */
  token(): string {
    if (this.#token === undefined) this.regenerateToken();
    return this.#token ?? "";
  }

  /** Makes another token: forms that were open before are refused. */
  regenerateToken(): void {
    this.#token = this.#owner.createToken();
    this.#hasNewToken = true;
  }

  /** Whether the visitor gets another identity. */
  get isRenewed(): boolean {
    return this.#isRenewed;
  }

  /** Makes the changes of this request to a state. */
  applyTo(state: SessionState): SessionState {
    const data = new Map(this.#isFlushed ? [] : Object.entries(state.data ?? {}));
    for (const key of this.#changed) {
      if (this.#values.has(key)) data.set(key, this.#values.get(key));
      else data.delete(key);
    }
    const token = this.#hasNewToken ? this.#token : state.token;
    return { ...state, data: Object.fromEntries(data), token };
  }
}
