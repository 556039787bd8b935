/**
 * Asks an SSR server, 16 pages at once: as a visit does, by the runtime's own client that keeps connections, and by one
 * that does not; and whole visits.
 *
 * @module
 */
import { createInertia, type Page, ssrOverHttp } from "../../../inertia/mod.ts";
import { announce, readOptions } from "./control.ts";

const AT_ONCE = 16;

const { origin, seconds } = readOptions<{ origin: string; seconds: number }>();

/** A list of 20 entries: rendering takes little, so that the share of the connection shows. */
const PROPS = { users: Array.from({ length: 20 }, (_, id) => ({ id, name: `User ${id}` })) };
const PAGE: Page = {
  component: "Users/Index",
  props: { errors: {}, ...PROPS },
  url: "/users",
  version: "1",
  sharedProps: ["errors"],
};

/** Asks as a visit does. */
function renderBy(fetch?: (url: string, init: RequestInit) => Promise<Response>) {
  const renderer = ssrOverHttp({ url: origin, fetch });
  const request = new Request("http://localhost/users");
  return async (): Promise<string> => {
    // Each has a signal of its own, as each visit has.
    const { signal } = new AbortController();
    const context = { request, signal, json: JSON.stringify(PAGE) };
    // What the server above answers.
    return (await renderer.render(PAGE, context) as { readonly body: string }).body;
  };
}

const inertia = createInertia({
  version: "1",
  ssr: { renderer: ssrOverHttp({ url: origin }), throwOnError: true },
});

/** All of it: the page is built, rendered there, and put into a document. */
async function visit(): Promise<string> {
  const request = new Request("http://localhost/users");
  return await (await inertia.render(request, "Users/Index", PROPS)).text();
}

async function askDirectly(): Promise<string> {
  const response = await fetch(`${origin}/render`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(PAGE),
  });
  const { body } = await response.json() as { body: string };
  return body;
}

const CLIENTS: Readonly<Record<string, () => Promise<string>>> = {
  pooled: renderBy(),
  direct: askDirectly,
  fresh: renderBy((url, init) =>
    fetch(url, { ...init, headers: { "content-type": "application/json", connection: "close" } })
  ),
  visit,
};

/** Pages in a second. */
async function rate(ask: () => Promise<string>): Promise<number> {
  let pages = 0;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (performance.now() < end) {
      await ask();
      pages++;
    }
  }));
  return pages * 1000 / (performance.now() - begun);
}

announce(
  0,
  Object.fromEntries(
    Object.entries(CLIENTS).flatMap(([name, ask]) => [
      [name, () => rate(ask)],
      [`${name} once`, ask],
    ]),
  ),
);
