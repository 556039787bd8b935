/** What `htmx/` reads and writes, against the real htmx 2 and the real htmx 4 in a browser. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import {
  htmxRedirect,
  type HtmxRequest,
  htmxResponse,
  type HtmxResponseOptions,
  type HtmxVersion,
  pageOrFragment,
  parseHtmxRequest,
  stopPolling,
} from "@lv/sidecar/htmx";
import { browserTest, recordConsole } from "../_support/browser.ts";
import { isSameDocument, markDocument, openPage } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { repositoryRoot } from "../_support/project.ts";

const SCRIPTS: Readonly<Record<HtmxVersion, string>> = { 2: "htmx2", 4: "htmx.org" };

const TALL = `<div style="height:2000px">tall</div>`;

/** Everything that happens is written down with what the target showed at that moment. */
const RECORD = `<script>
window.events = [];
for (const name of ["a", "b", "c", "d", "e", "größe"]) {
  document.addEventListener(name, ({ target, detail }) => events.push({
    name, at: target.id, value: detail?.value ?? null, x: detail?.x ?? null,
    shown: document.querySelector("#target")?.textContent ?? null,
  }));
}
</script>`;

/** htmx 2 asks on the way back for what it does not remember: here it remembers nothing. */
const CONFIG = `<meta name="htmx-config" content='{"historyCacheSize":0}'>`;

// htmx finds head and body by their tags, so a page has them.
const PAGE = `<!doctype html><html><head>
<title>htmx</title>${CONFIG}<script src="/htmx.js"></script>${RECORD}
</head><body>
<button id="größe" name="go" hx-get="/case" hx-target="#список">go</button><div id="список"></div>
<button id="source" hx-get="/case" hx-target="#target">get</button>
<button id="pushing" hx-get="/case" hx-target="#target" hx-push-url="true">push</button>
<a id="boosted" href="/both?boosted" hx-boost="true">boosted</a>
<button id="part" hx-get="/both" hx-target="#target" hx-push-url="true">part</button>
<div id="target">before</div><div id="other"></div><div id="grün"></div>
<div id="box" style="height:50px;overflow:auto">${TALL}</div>
</body></html>`;

interface Recorded {
  readonly name: string;
  readonly at: string;
  readonly value: unknown;
  readonly x: unknown;
  readonly shown: string | null;
}

/** A server whose answer under `/case` is what the test wants next, and the page it works on. */
interface Stage {
  readonly version: HtmxVersion;
  readonly page: Page;
  readonly origin: string;
  /** Paths and what htmx said with them, since the page was opened. */
  readonly asked: { readonly path: string; readonly htmx: HtmxRequest }[];
  answer: (request: Request) => Response | Promise<Response>;
}

type Step = readonly [name: string, run: (stage: Stage) => Promise<void>];

function toRequest(origin: string, { url, method = "GET", headers }: IncomingMessage): Request {
  const fields = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new Request(`${origin}${url}`, { method, headers: fields });
}

async function answerOf(stage: Stage, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (pathname === "/htmx.js") {
    const path = join("node_modules", SCRIPTS[stage.version], "dist", "htmx.js");
    const headers = { "content-type": "text/javascript; charset=utf-8" };
    return new Response(await readFile(join(repositoryRoot, path)), { headers });
  }
  stage.asked.push({ path: pathname + search, htmx: parseHtmxRequest(request) });
  if (pathname === "/case") return await stage.answer(request);
  if (pathname === "/both") {
    const page = PAGE.replace("</body>", `<p id="marked">whole</p></body>`);
    return await pageOrFragment(request, { page: () => page, fragment: () => "a part" });
  }
  if (pathname === "/") return htmxResponse(PAGE);
  return htmxResponse(`<p id="chosen">there</p><p>not this</p>`);
}

function createStageServer(stage: () => Stage): Server {
  return createServer((incoming, outgoing) => {
    void (async () => {
      const response = await answerOf(stage(), toRequest(stage().origin, incoming));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })();
  });
}

const clickFor = async (stage: Stage, selector: string, response: Stage["answer"]) => {
  stage.answer = response;
  await stage.page.click(selector);
};

/** Clicks what asks for `/case`, which answers "after" and what htmx shall do. */
const tell = (stage: Stage, options: HtmxResponseOptions, html = "after"): Promise<void> =>
  clickFor(stage, "#source", () => htmxResponse(html, { version: stage.version, ...options }));

async function textIs(page: Page, selector: string, text: string): Promise<void> {
  const shown = (): Promise<string | null> => page.locator(selector).textContent();
  await eventually(`"${text}" in ${selector}`, async () => await shown() === text);
}

// As text: what a page has is not known to the runtimes' types.
const historyLength = (page: Page): Promise<unknown> => page.evaluate("history.length");

const events = (page: Page): Promise<Recorded[]> =>
  page.evaluate(() => Reflect.get(globalThis, "events"));

async function eventsAfter(stage: Stage, count: number): Promise<Recorded[]> {
  await eventually(`${count} events`, async () => (await events(stage.page)).length >= count);
  return await events(stage.page);
}

async function pathIs({ page, origin }: Stage, path: string): Promise<void> {
  await eventually(`the address ${path}`, () => page.url() === `${origin}${path}`);
}

const steps: readonly Step[] = [
  ["a request says who asks for what, in any letters", async (stage) => {
    await clickFor(stage, "#größe", () => htmxResponse("after"));
    await textIs(stage.page, "#список", "after");
    const htmx = stage.asked.at(-1)?.htmx;
    equal(htmx?.version, stage.version);
    equal(htmx?.wantsFragment, true);
    deepEqual(
      htmx?.source,
      stage.version === 2 ? { id: "größe", name: "go" } : { tag: "button", id: "größe" },
    );
    equal(htmx?.target?.id, "список");
    equal(htmx?.currentUrl?.href, `${stage.origin}/`);
  }],
  ["events carry what they were given", async (stage) => {
    const value = 'é€\u{1f600}\n"';
    await tell(stage, {
      trigger: { a: { x: value }, b: value, c: null, d: [1], größe: undefined },
    });
    const told = await eventsAfter(stage, 5);
    deepEqual(told.map(({ name, value, x }) => [name, value, x]), [
      ["a", null, value],
      ["b", value, null],
      ["c", null, null],
      ["d", [1], null],
      ["größe", null, null],
    ]);
    deepEqual(new Set(told.map(({ at }) => at)), new Set(["source"]));
  }],
  ["names alone are events, too", async (stage) => {
    await tell(stage, { trigger: ["a", "b"] });
    deepEqual((await eventsAfter(stage, 2)).map(({ name }) => name), ["a", "b"]);
  }],
  ["an event goes to its target", async (stage) => {
    await tell(stage, { trigger: { a: { target: "#other" } } });
    equal((await eventsAfter(stage, 1))[0]?.at, "other");
  }],
  ["events after the swap and the settling see what was put in", async (stage) => {
    await tell(stage, { triggerAfterSwap: "a", triggerAfterSettle: "b" });
    const told = await eventsAfter(stage, 2);
    deepEqual(told.map(({ name, shown }) => [name, shown]), [["a", "after"], ["b", "after"]]);
  }],
  ["the plain events come before the swap in htmx 2, after it in htmx 4", async (stage) => {
    await tell(stage, { trigger: "a" });
    equal((await eventsAfter(stage, 1))[0]?.shown, stage.version === 2 ? "before" : "after");
  }],
  ["a redirect is a new document, also with 204", async (stage) => {
    await clickFor(stage, "#source", (request) => htmxRedirect(request, "/größe?q=a b"));
    await stage.page.waitForURL(`${stage.origin}/gr%C3%B6%C3%9Fe?q=a%20b`);
    ok(!await isSameDocument(stage.page));
  }],
  ["a location is no new document", async (stage) => {
    await tell(stage, {
      location: { path: "/there", target: "#target", select: "#chosen", swap: "innerHTML" },
    });
    await textIs(stage.page, "#target", "there");
    await pathIs(stage, "/there");
    ok(await isSameDocument(stage.page));
  }],
  ["a location goes where it says, whatever the address looks like", async (stage) => {
    await tell(stage, { location: "/a,path:/b" });
    await pathIs(stage, "/a,path:/b");
    equal(stage.asked.at(-1)?.path, "/a,path:/b");
  }],
  ["a location may leave the history alone, or replace the address", async (stage) => {
    const length = await historyLength(stage.page);
    await tell(stage, { location: { path: "/there", target: "#target", push: false } });
    await stage.page.waitForSelector("#target #chosen");
    await pathIs(stage, "/");
    await tell(stage, { location: { path: "/there", target: "#other", replace: "/instead" } });
    await stage.page.waitForSelector("#other #chosen");
    await pathIs(stage, "/instead");
    equal(await historyLength(stage.page), length);
  }],
  ["a refresh loads the document again", async (stage) => {
    await tell(stage, { refresh: true });
    await eventually("a new document", async () => !await isSameDocument(stage.page));
  }],
  ["an address is pushed or replaced", async (stage) => {
    await tell(stage, { pushUrl: "/größe" });
    await pathIs(stage, "/gr%C3%B6%C3%9Fe");
    const length = await historyLength(stage.page);
    await tell(stage, { replaceUrl: "/true" });
    await pathIs(stage, "/true");
    equal(await historyLength(stage.page), length);
  }],
  ["an address called true is one", async (stage) => {
    await tell(stage, { pushUrl: "true" });
    await pathIs(stage, "/true");
  }],
  ["false keeps an element from pushing", async (stage) => {
    for (const options of [{ pushUrl: false }, { replaceUrl: false }] as const) {
      await clickFor(stage, "#pushing", () => htmxResponse(JSON.stringify(options), options));
      await textIs(stage.page, "#target", JSON.stringify(options));
      await pathIs(stage, "/");
    }
  }],
  ["a style of swap and its other name", async (stage) => {
    await tell(stage, { reswap: "append" });
    await textIs(stage.page, "#target", "beforeafter");
    await tell(stage, { reswap: { style: "outerHTML", swap: 10 } }, `<i id="target">new</i>`);
    await stage.page.waitForSelector("i#target");
  }],
  ["another target, in any letters", async (stage) => {
    await tell(stage, { retarget: "#grün" });
    await textIs(stage.page, "#grün", "after");
    await textIs(stage.page, "#target", "before");
  }],
  ["a part of the answer", async (stage) => {
    await tell(stage, { reselect: "#ü" }, `<i>no</i><b id="ü">yes</b>`);
    await textIs(stage.page, "#target", "yes");
  }],
  ["something else scrolls", async (stage) => {
    const { page } = stage;
    await tell(stage, { reswap: { scroll: "bottom", scrollTarget: "#box" } });
    // Without types of a browser's elements, which other files of one check declare each in their own way.
    const top = (): Promise<number> =>
      page.locator("#box").evaluate((box) => (box as unknown as { scrollTop: number }).scrollTop);
    await eventually("the box at its end", async () => await top() > 1000);
  }],
  ["the way back and a boosted link get the page, the rest a part", async (stage) => {
    const { page } = stage;
    await page.click("#part");
    await textIs(page, "#target", "a part");
    await pathIs(stage, "/both");
    await page.click("#boosted");
    await page.waitForSelector("#marked");
    await pathIs(stage, "/both?boosted");
    stage.asked.length = 0;
    await page.goBack();
    await eventually("the way back", () => stage.asked.some(({ htmx }) => htmx.isHistoryRestore));
    equal(stage.asked.at(-1)?.path, "/both");
    await page.waitForSelector("#marked");
    ok(await isSameDocument(page));
  }],
];

/** A version's own ways. */
const stepsOf: Readonly<Record<HtmxVersion, readonly Step[]>> = {
  2: [["286 ends polling, and without a body changes nothing", async (stage) => {
    let polls = 0;
    stage.answer = () => ++polls < 3 ? htmxResponse(String(polls)) : stopPolling();
    await stage.page.evaluate(() => {
      const poll = `<p id="poll" hx-get="/case" hx-trigger="every 20ms"></p>`;
      Reflect.get(globalThis, "htmx").swap("#other", poll, { swapStyle: "innerHTML" });
    });
    await eventually("the last poll", () => polls === 3);
    // htmx asks no more when it has noted this, so there is nothing to wait for.
    await eventually(
      "the end of polling",
      () =>
        stage.page.locator("#poll").evaluate((element) =>
          Reflect.get(element, "htmx-internal-data").cancelled === true
        ),
    );
    equal(polls, 3);
    equal(await stage.page.textContent("#poll"), "2");
  }]],
  4: [["a style of htmx 4 alone", async (stage) => {
    const html = `<div id="target" class="new">after</div>`;
    await tell(stage, { reswap: "outerMorph" }, html);
    await stage.page.waitForSelector("#target.new");
  }]],
};

for (const version of [2, 4] as const) {
  browserTest(`htmx ${version} says and does what htmx/ reads and tells`, async (browser) => {
    const page = await openPage(browser);
    const consoleOf = recordConsole(page);
    let stage: Stage;
    const server = createStageServer(() => stage);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A listening TCP server has this kind of address.
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const [name, run] of [...steps, ...stepsOf[version]]) {
        stage = { version, page, origin, asked: [], answer: () => htmxResponse("") };
        await page.goto(origin);
        await markDocument(page);
        try {
          await run(stage);
        } catch (cause) {
          throw new Error(`Cannot confirm "${name}": ${cause}\npage:\n${consoleOf()}`, { cause });
        }
      }
      await page.close();
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}
