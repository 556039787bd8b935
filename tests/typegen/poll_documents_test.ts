/** How often servers are asked, and what for. */
import { deepEqual, equal } from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createPoll, pollWait } from "../../typegen/poll_documents.ts";
import { readIfOther, type SourceLimits } from "../../typegen/source.ts";
import { eventually } from "../_support/eventually.ts";
import { test } from "../_support/test.ts";

const LIMITS: SourceLimits = { root: "/", timeoutMs: 5000, maxBytes: 1000 };
const MINUTE_MS = 60_000;

test("pollWait() asks less often where nothing changes, or where it is work to answer", () => {
  const waits = (tookMs: number, quietMs: number): number =>
    pollWait({ everyMs: 1000, tookMs, quietMs });
  deepEqual([waits(0, 0), waits(0, MINUTE_MS - 1), waits(0, MINUTE_MS)], [1000, 1000, 2000]);
  deepEqual([waits(0, 10 * MINUTE_MS), waits(0, 1000 * MINUTE_MS)], [5000, 5000]);
  deepEqual([waits(50, 0), waits(100, 0), waits(10_000, 0)], [1000, 2000, 5000]);
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function withServer(answer: Answer, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on TCP, and so has an address of that kind.
  const { port } = server.address() as AddressInfo;
  try {
    await run(`http://127.0.0.1:${port}/openapi.json`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("a document with an ETag is sent once for each of its versions", async () => {
  let version = 1;
  let whole = 0;
  let same = 0;
  await withServer((request, response) => {
    const etag = `"v${version}"`;
    if (request.headers["if-none-match"] === etag) {
      same++;
      return void response.writeHead(304).end();
    }
    whole++;
    response.setHeader("etag", etag).end(`{"version":${version}}`);
  }, async (url) => {
    let changes = 0;
    const poll = createPoll({
      urls: [url],
      limits: LIMITS,
      everyMs: () => 5,
      onChange: () => void changes++,
    });
    try {
      await eventually("questions without news", () => same > 3);
      deepEqual([whole, changes], [1, 1]);
      version = 2;
      await eventually("news", () => changes === 2);
      const asked = same;
      await eventually("more questions", () => same > asked + 3);
      deepEqual([whole, changes], [2, 2]);
    } finally {
      poll.close();
    }
  });
});

const HOUR_AGO = new Date(Date.now() - 60 * MINUTE_MS).toUTCString();

for (
  const [name, lastModified, asked] of [
    ["a date of long ago is asked for", HOUR_AGO, HOUR_AGO],
    ["a date of this second may stand for two versions", new Date().toUTCString(), undefined],
  ] as const
) {
  test(`readIfOther(): ${name}`, async () => {
    const conditions: (string | undefined)[] = [];
    await withServer((request, response) => {
      conditions.push(request.headers["if-modified-since"]);
      const date = lastModified === HOUR_AGO ? new Date().toUTCString() : lastModified;
      response.sendDate = false;
      response.setHeader("date", date).setHeader("last-modified", lastModified).end("{}");
    }, async (url) => {
      const first = await readIfOther(url, undefined, LIMITS);
      equal((await readIfOther(url, first?.validators, LIMITS))?.text, "{}");
    });
    deepEqual(conditions, [undefined, asked]);
  });
}
