/**
 * Visits of Inertia's client, for tests.
 *
 * @module
 */
import {
  type Inertia,
  type InertiaSession,
  type Page,
  readPage,
  type SessionState,
} from "../../inertia/mod.ts";

/** What a visit says. */
export interface VisitOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
  readonly signal?: AbortSignal;
}

/** A request of the client. */
export function visit(
  path: string,
  { method = "GET", headers, body, signal }: VisitOptions = {},
): Request {
  return new Request(new URL(path, "http://localhost"), {
    method,
    headers: { "X-Inertia": "true", ...headers },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A partial reload of the component `X`. */
export function reload(
  path: string,
  only: string,
  headers: Readonly<Record<string, string>> = {},
): Request {
  return visit(path, {
    headers: {
      "X-Inertia-Partial-Component": "X",
      "X-Inertia-Partial-Data": only,
      ...headers,
    },
  });
}

/** The page that a server renders for a visit of the component `X`. */
export async function pageFor(
  inertia: Inertia,
  props: Readonly<Record<string, unknown>>,
  request: Request = visit("/"),
): Promise<Page> {
  return await readPage(
    await inertia.handle(request, () => inertia.render(request, "X", props)),
  );
}

/** A session that a test can look into. */
export interface TestSession extends InertiaSession {
  state: SessionState;
  reads: number;
  writes: number;
}

/** One visitor's session, in a variable. */
export function testSession(state: SessionState = {}): TestSession {
  return {
    state,
    reads: 0,
    writes: 0,
    read() {
      this.reads += 1;
      return this.state;
    },
    write(_request, next) {
      this.writes += 1;
      this.state = next;
    },
  };
}
