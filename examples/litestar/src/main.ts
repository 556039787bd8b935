// Names, bodies and answers are those of app.py, by way of its OpenAPI document.
import { route, type RouteArgs, type RouteMethods, type RouteName } from "./generated/routes.ts";
import type { Book, NewBook, RouteBody, RouteResponse } from "./generated/route-types.ts";

const form = document.querySelector<HTMLFormElement>("#form")!;
const body = document.querySelector<HTMLTableSectionElement>("#books")!;
const status = document.querySelector<HTMLParagraphElement>("#status")!;
const socketState = document.querySelector<HTMLSpanElement>("#socket")!;

async function call<Name extends RouteName>(
  method: RouteMethods[Name],
  name: Name,
  body: RouteBody<Name>,
  ...args: RouteArgs<Name>
): Promise<RouteResponse<Name>> {
  const response = await fetch(route(name, ...args), {
    method,
    ...body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } },
  });
  if (!response.ok) throw new Error(`The backend says ${response.status} to ${name}`);
  return await response.json();
}

function renderBook(book: Book): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const text of [book.title, book.author]) {
    row.insertCell().textContent = text;
  }
  return row;
}

async function refresh(): Promise<void> {
  const books = await call("GET", "list_books", undefined);
  body.replaceChildren(...books.map(renderBook));
  status.textContent = `${books.length} books`;
}

async function addBook(data: FormData): Promise<void> {
  const book: NewBook = {
    title: String(data.get("title")),
    author: String(data.get("author")),
  };
  await call("POST", "add_book", book);
  form.reset();
  await refresh();
}

function showSocket(text: string, isOpen: boolean): void {
  socketState.textContent = text;
  socketState.className = isOpen ? "on" : "off";
}

function openSocket(): void {
  const socket = new WebSocket("/api/echo");
  socket.onopen = () => socket.send("Litestar");
  socket.onmessage = (event) => showSocket(`socket open: ${event.data}`, true);
  socket.onclose = () => showSocket("socket closed", false);
}

const showError = (error: unknown) => {
  status.textContent = String(error);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  addBook(new FormData(form)).catch(showError);
});
openSocket();
refresh().catch(showError);
