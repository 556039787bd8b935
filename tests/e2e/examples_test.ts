/** Each example starts by the command of its README and answers on one port: page, module, API. */
import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { copyLitestar, installLitestar, LITESTAR } from "../_support/litestar.ts";
import { copyExample, type Project } from "../_support/project.ts";
import { startScript, startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

/** Starts the example, hands over its URL, and ends it. */
async function withExample(
  project: Project,
  args: readonly string[],
  use: (url: URL) => Promise<void>,
): Promise<void> {
  const program = startSidecar(["dev", "--port", "0", "--json", ...args], { cwd: project.root });
  try {
    const { url } = await program.ready(60_000);
    await use(new URL(url));
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    await program.stop().finally(project.remove);
  }
}

/** Asks as a browser that goes to the address. */
async function expectPage(url: URL, title: RegExp): Promise<void> {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  equal(response.status, 200);
  match(response.headers.get("content-type") ?? "", /^text\/html/);
  const html = await response.text();
  match(html, title);
  match(html, /src="\/@vite\/client"/);
}

async function expectModule(url: URL, text: RegExp): Promise<void> {
  const response = await fetch(url, { headers: { "sec-fetch-dest": "script" } });
  equal(response.status, 200);
  match(response.headers.get("content-type") ?? "", /^text\/javascript/);
  match(await response.text(), text);
}

async function fetchJson(url: URL, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  match(response.headers.get("content-type") ?? "", /^application\/(?:[\w.]+\+)?json/);
  ok(response.ok, `${url.pathname}: ${response.status}`);
  return await response.json();
}

async function expectMissing(url: URL): Promise<void> {
  const response = await fetch(url);
  equal(response.status, 404);
  match(response.headers.get("content-type") ?? "", /^application\/json/);
  await response.body?.cancel();
}

const postJson = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function firstEvent(url: URL): Promise<string> {
  const response = await fetch(url);
  equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  return value;
}

/** What a socket answers to one message. */
function echoOf(url: URL, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = new WebSocket(url.href.replace(/^http/, "ws"));
  let answer: string | undefined;
  socket.onopen = () => socket.send(text);
  socket.onmessage = (event) => {
    answer = String(event.data);
    socket.close();
  };
  socket.onerror = () => reject(new Error(`Cannot open a socket at "${url.pathname}"`));
  socket.onclose = () => answer === undefined ? reject(new Error("no answer")) : resolve(answer);
  return promise;
}

test(`the React example answers on one port (${runtimeName})`, async () => {
  await withExample(await copyExample("react-spa"), ["--entry", "server.ts"], async (url) => {
    await expectPage(url, /<title>React on one port<\/title>/);
    await expectPage(new URL("/some/view", url), /<title>React on one port<\/title>/);
    await expectModule(new URL("/src/App.tsx", url), /One port for everything/);
    const { time } = await fetchJson(new URL("/api/time", url)) as { time: string };
    ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    match(await firstEvent(new URL("/api/ticks", url)), /^data: \d+\n\n$/);
    await expectMissing(new URL("/api/typo", url));
  });
});

async function expectNotes(url: URL): Promise<void> {
  await expectPage(url, /<title>Notes with Hono<\/title>/);
  await expectModule(new URL("/src/main.ts", url), /addNote/);
  const api = new URL("/api/notes", url);
  equal((await fetchJson(api) as unknown[]).length, 1);
  const note = await fetchJson(api, postJson({ text: "Second" })) as { id: number; text: string };
  equal(note.text, "Second");
  equal((await fetchJson(api) as unknown[]).length, 2);
  const removed = await fetch(new URL(`/api/notes/${note.id}`, url), { method: "DELETE" });
  equal(removed.status, 204);
  equal((await fetchJson(api) as unknown[]).length, 1);
  const refused = await fetch(api, postJson({}));
  equal(refused.status, 422);
  await refused.body?.cancel();
}

test(`the Hono example answers on one port (${runtimeName})`, async () => {
  await withExample(await copyExample("hono"), ["--entry", "app.ts"], expectNotes);
});

test(`the Hono example answers on one port from its own program (${runtimeName})`, async () => {
  const project = await copyExample("hono");
  const program = startScript(join(project.root, "main.ts"), { env: { PORT: "0" } });
  try {
    const line = await program.firstLine();
    await expectNotes(new URL(line.replace("Listening on ", "")));
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    await program.stop().finally(project.remove);
  }
});

const ON_LITESTAR =
  `the Litestar example answers on one port, from its real backend (${runtimeName})`;
const litestarIsMissing = await installLitestar();

if (litestarIsMissing !== undefined) test.skip(ON_LITESTAR, litestarIsMissing);
else {
  test(ON_LITESTAR, async () => {
    await withExample(await copyLitestar(), ["--backend-command", LITESTAR], async (url) => {
      await expectPage(url, /<title>Library with Litestar<\/title>/);
      await expectModule(new URL("/src/main.ts", url), /refresh/);
      const api = new URL("/api/books", url);
      equal((await fetchJson(api) as unknown[]).length, 3);
      const book = { title: "Ficciones", author: "Jorge Luis Borges" };
      equal((await fetchJson(api, postJson(book)) as { id: number }).id, 4);
      const openapi = await fetchJson(new URL("/schema/openapi.json", url));
      match((openapi as { openapi: string }).openapi, /^3\./);
      equal(await echoOf(new URL("/api/echo", url), "Litestar"), "Litestar");
      await expectMissing(new URL("/api/typo", url));
    });
  });
}
