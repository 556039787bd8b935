/**
 * A page of 20 props for a visit, by us, by `@hono/inertia`, or by the shortest program that sends the same bytes; and
 * how long a large page takes in this process.
 *
 * @module
 */
import { inertia as honoInertia } from "@hono/inertia";
import { Hono } from "hono";
import { createInertia } from "../../../inertia/mod.ts";
import {
  largeProps,
  PAGE_HEADERS,
  smallPage,
  smallProps,
  VISIT_HEADERS,
} from "../../micro/inertia_props.ts";
import { announce, readOptions } from "./control.ts";

declare const Bun:
  | { serve(options: Record<string, unknown>): { readonly port: number } }
  | undefined;

type Kind = "ours" | "control" | "hono";
type Handler = (request: Request) => Response | Promise<Response>;

const SMALL = smallProps();
const inertia = createInertia({ version: "1" });

function honoApp(): Handler {
  const app = new Hono();
  app.use(honoInertia({ version: "1" }));
  app.get("/users", (c) => c.render("Users/Index", SMALL));
  return (request) => app.fetch(request);
}

const HANDLERS: Readonly<Record<Kind, () => Handler>> = {
  ours: () => (request) =>
    inertia.handle(request, () => inertia.render(request, "Users/Index", SMALL)),
  // It looks at the request as the others do: Deno makes none for who does not.
  control: () => (request) =>
    request.headers.has("x-inertia")
      ? new Response(JSON.stringify(smallPage(SMALL)), { headers: PAGE_HEADERS })
      : new Response(null, { status: 404 }),
  hono: honoApp,
};

const LARGE = largeProps();

async function largeVisit(): Promise<Response> {
  const request = new Request("http://localhost/large", { headers: VISIT_HEADERS });
  return await inertia.handle(request, () => inertia.render(request, "Large", LARGE));
}

/** Microseconds of one call, over some milliseconds. */
async function time(action: () => unknown): Promise<number> {
  const CALLS = 300;
  const begun = performance.now();
  for (let call = 0; call < CALLS; call++) await action();
  return (performance.now() - begun) * 1000 / CALLS;
}

/** A visit, the serialising of what it sends, and what a bare request and response take, in microseconds. */
async function measureLarge(): Promise<readonly [number, number]> {
  const page = JSON.parse(await (await largeVisit()).text());
  const visit = await time(largeVisit);
  return [visit, await time(() => JSON.stringify(page))];
}

const { kind } = readOptions<{ kind: Kind }>();
const fetch = HANDLERS[kind]();
const listen = { hostname: "127.0.0.1", port: 0 };
const port = typeof Bun === "undefined"
  ? Deno.serve({ ...listen, onListen: () => {} }, fetch).addr.port
  : Bun.serve({ ...listen, idleTimeout: 0, fetch }).port;
announce(port, { large: measureLarge });
