/**
 * The SSR server of Inertia, with a page of React's.
 *
 * @module
 */
import createServer from "@inertiajs/core/server";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { findFreePort } from "../../../sidecar/backend_process.ts";
import { announce } from "./control.ts";

interface User {
  readonly id: number;
  readonly name: string;
}

function renderPage(users: readonly User[]): string {
  const items = users.map(({ id, name }) => createElement("li", { key: id }, name));
  return renderToString(createElement("main", null, createElement("ul", null, items)));
}

const port = await findFreePort();
const { log } = console;
// The first line of output is the bench's.
console.log = console.error = () => {};
createServer((page) => {
  // The bench sends these props.
  const { users } = page.props as unknown as { users: readonly User[] };
  const json = JSON.stringify(page).replaceAll("/", "\\/").replaceAll("<", "\\u003c");
  const body = `<script data-page="app" type="application/json">${json}</script>` +
    `<div data-server-rendered="true" id="app">${renderPage(users)}</div>`;
  return Promise.resolve({ head: ["<title data-inertia>Users</title>"], body });
}, { port, host: "127.0.0.1" });
console.log = log;
announce(port);
