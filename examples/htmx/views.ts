import { type Html, html, raw } from "./html.ts";
import type { Filter, Todo } from "./todos.ts";

const FILTERS: readonly Filter[] = ["all", "open", "done"];

export function pageView(
  todos: readonly Todo[],
  filter: Filter,
  { open, tags }: { readonly open: number; readonly tags: string },
): Html {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>To do, with htmx</title>
        ${raw(tags)}
      </head>
      <body>
        <main>
          <h1>To do</h1>
          <form method="post" action="/todos" hx-post="/todos" hx-target="#items" hx-swap="beforeend">
            <input name="text" aria-label="What is to do" placeholder="What is to do?" autocomplete="off">
            <button>Add</button>
          </form>
          <p id="error" role="alert"></p>
          ${listView(todos, filter)}
          <footer>
            ${countView(open)}
            <button type="button" hx-get="/chart" hx-target="#chart">Show the chart</button>
          </footer>
          <section id="chart"></section>
        </main>
      </body>
    </html>
  `;
}

/** The part of the page that a filter changes. */
export function listView(todos: readonly Todo[], filter: Filter): Html {
  return html`
    <section id="list">
      <nav>${FILTERS.map((each) => filterView(each, each === filter))}</nav>
      <ul id="items">${todos.map(itemView)}</ul>
    </section>
  `;
}

function filterView(filter: Filter, isCurrent: boolean): Html {
  const url = filter === "all" ? "/" : `/?filter=${filter}`;
  return html`
    <a href="${url}" hx-get="${url}" hx-target="#list" hx-swap="outerHTML"
      hx-push-url="true"
      aria-current="${String(isCurrent)}">${filter}</a>
  `;
}

/** What is edited is Alpine's business until it is saved. */
export function itemView({ id, text, isDone }: Todo): Html {
  const url = `/todos/${id}`;
  const item = raw(`hx-target="closest li" hx-swap="outerHTML"`);
  const checked = raw(isDone ? "checked" : "");
  return html`
    <li x-data="todo" data-done="${String(isDone)}">
      <input type="checkbox" aria-label="Done" ${checked} hx-patch="${url}"
        ${item}>
      <span x-show="!isEdited" @dblclick="edit">${text}</span>
      <form x-show="isEdited" x-cloak @keydown.escape="leave"
        hx-put="${url}" ${item}>
        <input name="text" aria-label="New text" value="${text}" x-ref="text">
      </form>
      <button type="button" aria-label="Remove"
        hx-delete="${url}" hx-target="closest li" hx-swap="delete">×</button>
    </li>
  `;
}

/** Each answer that changes something brings it along; htmx puts it where the page has it. */
export function countView(open: number, isOutOfBand = false): Html {
  const swap = raw(isOutOfBand ? `hx-swap-oob="true"` : "");
  return html`
    <output id="count" ${swap}>${open} open</output>
  `;
}

/** Nobody who does not look at the chart loads its module: it comes with the fragment. */
export function chartView(open: number, done: number, tags: string): Html {
  return html`
    ${raw(tags)}
    <todo-chart open="${open}" done="${done}"
      hx-get="/chart" hx-trigger="todos-changed from:body"
      hx-target="#chart"></todo-chart>
  `;
}
