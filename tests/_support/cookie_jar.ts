/**
 * A browser's cookies, between the requests of a test.
 *
 * @module
 */
import { visit, type VisitOptions } from "./inertia_visit.ts";

/** What answers a request. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** A browser that has cookies, and as much of Inertia's client as sends the token. */
export class CookieJar {
  /** The cookies by name. */
  readonly cookies = new Map<string, string>();
  readonly #handler: Handler;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  /** Another browser with the same cookies. */
  copy(handler: Handler = this.#handler): CookieJar {
    const copy = new CookieJar(handler);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  /** What goes into the field `Cookie`. */
  get field(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** A visit with the cookies, and the token that is among them. */
  request(path: string, { headers, ...options }: VisitOptions = {}): Request {
    const token = this.cookies.get("XSRF-TOKEN");
    return visit(path, {
      ...options,
      headers: {
        ...(this.cookies.size === 0 ? {} : { cookie: this.field }),
        ...(token === undefined ? {} : { "X-XSRF-TOKEN": decodeURIComponent(token) }),
        ...headers,
      },
    });
  }

  /** Sends a visit and keeps the cookies of the answer. */
  async send(path: string, options: VisitOptions = {}): Promise<Response> {
    const response = await this.#handler(this.request(path, options));
    this.keep(response);
    return response;
  }

  /** Keeps the cookies of an answer. */
  keep(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split("; ");
      const name = pair.slice(0, pair.indexOf("="));
      if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
  }
}
