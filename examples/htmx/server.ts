import { join } from "node:path";
import process from "node:process";
import { htmxResponse, isHtmx, pageOrFragment } from "@lv/sidecar/htmx";
import { type Filter, type Todo, Todos } from "./todos.ts";
import { chartView, countView, itemView, listView, pageView } from "./views.ts";

const todos = new Todos(
  process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "todos.db"),
);

/** Tells the page; what listens there is none of the server's business. */
const CHANGED = { trigger: { "todos-changed": { target: "body" } } } as const;

const countOpen = (): number => todos.list("open").length;

function answerList(
  request: Request,
  { searchParams }: URL,
): Promise<Response> {
  const wanted = searchParams.get("filter");
  const filter: Filter = wanted === "open" || wanted === "done" ? wanted : "all";
  const list = todos.list(filter);
  return pageOrFragment(request, {
    page: () => String(pageView(list, filter, countOpen())),
    fragment: () => String(listView(list, filter)),
  });
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

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /") return await answerList(request, url);
    if (route === "POST /todos") return await addTodo(request);
    if (route === "GET /chart") {
      const open = countOpen();
      return htmxResponse(
        String(chartView(open, todos.list("all").length - open)),
      );
    }
    const [, id] = /^(?:PUT|PATCH|DELETE) \/todos\/(\d+)$/.exec(route) ?? [];
    if (id !== undefined) return await changeTodo(request, Number(id));
    return htmxResponse("There is nothing here", { status: 404 });
  },
};
