/**
 * Any answer of a handler to any request: the status, where it leads, what is left in the session and whether the
 * handler ran are what the rules say, written down once more in their order.
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { createInertia, type SessionState } from "../../inertia/mod.ts";
import { test } from "../_support/test.ts";

const RUNS = 2000;
const HERE = "http://localhost/here?q=1";
const BACK = "http://localhost/before";

const sent = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE"),
  isInertia: fc.boolean(),
  clientVersion: fc.constantFrom("", "1", "2"),
  prefetchField: fc.constantFrom("", "Purpose", "Sec-Purpose", "X-Moz"),
  referer: fc.constantFrom("", BACK, "http://other.example/x"),
});

const location = fc.constantFrom(
  ...["/a", "/a#b", "http://localhost/a", "http://localhost/a#b"],
  ...["https://other.example/", "https://other.example/#x"],
);

const answered = fc.oneof(
  fc.record({
    kind: fc.constant("redirect" as const),
    status: fc.constantFrom(301, 302, 303, 307, 308),
    location,
  }),
  fc.record({ kind: fc.constant("location" as const), location }),
  fc.record({ kind: fc.constant("empty" as const), status: fc.constantFrom(200, 201, 204, 304) }),
  fc.record({ kind: fc.constant("text" as const), status: fc.constantFrom(200, 404, 409, 500) }),
  fc.record({ kind: fc.constant("page" as const), status: fc.constantFrom(200, 404, 500) }),
);

const server = fc.record({ version: fc.constantFrom("", "1"), protocol: fc.constantFrom(2, 3) });

type Sent = Generated<typeof sent>;
type Answered = Generated<typeof answered>;
type Server = Generated<typeof server>;
type Generated<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

interface Outcome {
  readonly status: number;
  readonly location?: string | null;
  readonly newDocument?: string | null;
  readonly newVisit?: string | null;
  readonly isPage?: boolean;
  readonly handlerRuns?: boolean;
}

/** The rules, in their order. */
function expected(sent: Sent, answered: Answered, server: Server): Outcome {
  const { method, isInertia } = sent;
  if (isInertia && method === "GET" && sent.clientVersion !== server.version) {
    return { status: 409, newDocument: HERE, handlerRuns: false };
  }
  if (answered.kind === "location") {
    const { location } = answered;
    return isInertia ? { status: 409, newDocument: location } : { status: 302, location };
  }
  if (answered.kind === "page") return { status: answered.status, isPage: true };
  if (!isInertia) {
    return { status: answered.status, location: "location" in answered ? answered.location : null };
  }
  if (answered.kind === "redirect") {
    return redirected(sent, answered.status, answered.location, server);
  }
  return answered.kind === "empty" && answered.status === 200
    ? redirected(sent, 302, sent.referer === BACK ? BACK : "/", server)
    : { status: answered.status };
}

function redirected(sent: Sent, status: number, location: string, { protocol }: Server): Outcome {
  if (location.startsWith("https://other") && status < 304) {
    return { status: 409, newDocument: location };
  }
  if (location.includes("#") && sent.prefetchField === "" && protocol === 3) {
    return { status: 409, newVisit: location };
  }
  const isRepeated = status < 303 && ["PUT", "PATCH", "DELETE"].includes(sent.method);
  return { status: isRepeated ? 303 : status, location };
}

test("any answer to any request follows the rules in their order", async () => {
  await fc.assert(
    fc.asyncProperty(sent, answered, server, async (sent, answered, server) => {
      const before: SessionState = { flash: { a: 1 }, clearHistory: true };
      let after = before;
      let runs = false;
      const inertia = createInertia({
        version: server.version,
        protocol: server.protocol === 2 ? 2 : 3,
        session: { read: () => after, write: (_request, state) => void (after = state) },
      });
      const answer = await inertia.handle(requestOf(sent), (request) => {
        runs = true;
        if (answered.kind === "page") return inertia.render(request, "X", {}, answered);
        return answered.kind === "location"
          ? inertia.location(request, answered.location, { external: true })
          : responseOf(answered);
      });
      const want = expected(sent, answered, server);
      const { isPage = false, handlerRuns = true } = want;
      const field = (name: string): string | null => answer.headers.get(name);
      deepEqual({
        status: answer.status,
        location: field("location"),
        newDocument: field("x-inertia-location"),
        newVisit: field("x-inertia-redirect"),
        isJson: field("x-inertia"),
        version: field("x-inertia-version"),
        vary: field("vary"),
        isEmpty: answer.body === null,
        handlerRuns: runs,
        session: after,
      }, {
        status: want.status,
        location: want.location ?? null,
        newDocument: want.newDocument ?? null,
        newVisit: want.newVisit ?? null,
        isJson: isPage && sent.isInertia ? "true" : null,
        version: isPage || !handlerRuns ? server.version : null,
        vary: "X-Inertia",
        isEmpty: !isPage && (!handlerRuns || answered.kind !== "text"),
        handlerRuns,
        // A page that may never be seen tells nothing.
        session: isPage && sent.prefetchField === "" ? {} : before,
      });
      await answer.body?.cancel();
    }),
    { numRuns: RUNS },
  );
});

function requestOf({ method, isInertia, clientVersion, prefetchField, referer }: Sent): Request {
  const headers = new Headers({ "X-Inertia-Version": clientVersion });
  if (isInertia) headers.set("X-Inertia", "true");
  if (prefetchField !== "") headers.set(prefetchField, "prefetch");
  if (referer !== "") headers.set("Referer", referer);
  return new Request(HERE, { method, headers });
}

function responseOf(answered: Exclude<Answered, { kind: "page" | "location" }>): Response {
  const { kind, status } = answered;
  const headers = kind === "redirect" ? { location: answered.location } : {};
  return new Response(kind === "text" ? "text" : null, { status, headers });
}
