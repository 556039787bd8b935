import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import type { FrontTools } from "@lv/sidecar";
import { htmxResponse, isHtmx, pageOrFragment } from "@lv/sidecar/htmx";
import { type Filter, type Todo, Todos } from "./todos.ts";
import { chartView, countView, itemView, listView, pageView } from "./views.ts";

const todos = new Todos(
  process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "todos.db"),
);

/** Tells the page; what listens there is none of the server's business. */
const CHANGED = { trigger: { "todos-changed": { target: "body" } } } as const;

const countOpen = (): number => todos.list("open").length;

/** Scripts run if they carry the page's nonce, or if such a script brings them: htmx those of a fragment. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
  ].join("; ");

function answerPage(
  list: readonly Todo[],
  filter: Filter,
  front: FrontTools,
): Response {
  // Another one for each page: whoever can guess it can run scripts.
  const nonce = randomBytes(16).toString("base64");
  const tags = front.tags("src/main.ts", { nonce });
  return new Response(
    String(pageView(list, filter, { open: countOpen(), tags })),
    {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policyOf(nonce),
        "cache-control": "no-store",
      },
    },
  );
}

function answerList(
  request: Request,
  { searchParams }: URL,
  front: FrontTools,
): Promise<Response> {
  const wanted = searchParams.get("filter");
  const filter: Filter = wanted === "open" || wanted === "done" ? wanted : "all";
  const list = todos.list(filter);
  return pageOrFragment(request, {
    page: () => answerPage(list, filter, front),
    fragment: () => String(listView(list, filter)),
  });
}

/** The fragment brings its module along, without what the page of `src/main.ts` has already. */
function answerChart(front: FrontTools): Response {
  const open = countOpen();
  const done = todos.list("all").length - open;
  const tags = front.partial("src/chart.ts", { after: "src/main.ts" });
  return htmxResponse(String(chartView(open, done, tags)));
}

async function addTodo(request: Request): Promise<Response> {
  const text = await textOf(request);
  if (text === "") return refuse("There is nothing to do in it");
  const todo = todos.add(text);
  // Without JavaScript the form works as forms do.
  if (!isHtmx(request)) {
    return new Response(null, { status: 303, headers: { location: "/" } });
  }
  return answerItem(todo, 201);
}

async function changeTodo(request: Request, id: number): Promise<Response> {
  if (todos.find(id) === undefined) {
    return htmxResponse("There is no such to-do", { status: 404 });
  }
  if (request.method === "DELETE") {
    todos.remove(id);
    return htmxResponse(String(countView(countOpen(), true)), CHANGED);
  }
  if (request.method === "PATCH") todos.toggle(id);
  else {
    const text = await textOf(request);
    if (text === "") return refuse("A to-do needs a text");
    todos.rename(id, text);
  }
  return answerItem(todos.find(id)!, 200);
}

function answerItem(todo: Todo, status: number): Response {
  return htmxResponse(`${itemView(todo)}${countView(countOpen(), true)}`, {
    status,
    ...CHANGED,
  });
}

/** Whatever was the target: what is wrong belongs under the form. */
function refuse(why: string): Response {
  return htmxResponse(why, {
    status: 422,
    retarget: "#error",
    reswap: "textContent",
  });
}

async function textOf(request: Request): Promise<string> {
  const text = (await request.formData().catch(() => undefined))?.get("text");
  return typeof text === "string" ? text.trim() : "";
}

/** Makes the app: `front` knows the tags, of the sources in development and of the build in production. */
export function createApp(front: FrontTools) {
  return {
    async fetch(request: Request): Promise<Response> {
      const url = new URL(request.url);
      const route = `${request.method} ${url.pathname}`;
      if (route === "GET /") return await answerList(request, url, front);
      if (route === "POST /todos") return await addTodo(request);
      if (route === "GET /chart") return answerChart(front);
      const [, id] = /^(?:PUT|PATCH|DELETE) \/todos\/(\d+)$/.exec(route) ?? [];
      if (id !== undefined) return await changeTodo(request, Number(id));
      return htmxResponse("There is nothing here", { status: 404 });
    },
  };
}
