import { deepEqual, equal } from "node:assert/strict";
import { encodeLatin1 } from "../../sidecar/http1.ts";
import {
  MAX_REFUSAL_BYTES,
  UpgradeAnswerReader,
  type UpgradeResult,
} from "../../sidecar/websocket_answer.ts";
import { test } from "../_support/test.ts";

const REQUEST = { key: "dGhlIHNhbXBsZSBub25jZQ==", protocols: ["chat"] };
const AGREEMENT = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
  "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
  "Sec-WebSocket-Protocol: chat\r\n\r\n";

/** Feeds pieces until there is a result; `null` is the end of the connection. */
function read(...pieces: (string | null)[]): UpgradeResult | undefined {
  const reader = new UpgradeAnswerReader(REQUEST);
  for (const piece of pieces) {
    const result = reader.push(piece === null ? null : encodeLatin1(piece));
    if (result !== undefined) return result;
  }
  return undefined;
}

function refusal(...pieces: (string | null)[]): [number, string | null] | undefined {
  const result = read(...pieces);
  if (result?.kind !== "refused") return undefined;
  return [result.status, result.body && new TextDecoder().decode(result.body)];
}

test("UpgradeAnswerReader keeps the frames that come right behind the agreement", () => {
  deepEqual(read(AGREEMENT + "\x81\x02hi"), {
    kind: "accepted",
    protocol: "chat",
    early: Uint8Array.of(0x81, 2, 0x68, 0x69),
  });
});

test("UpgradeAnswerReader reads an agreement wherever it is cut", () => {
  for (let cut = 0; cut <= AGREEMENT.length; cut++) {
    const result = read(AGREEMENT.slice(0, cut), AGREEMENT.slice(cut));
    equal(result?.kind, "accepted", `cut at ${cut}`);
  }
});

test("UpgradeAnswerReader passes over interim answers, but not for ever", () => {
  const interim = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n";
  equal(read("HTTP/1.1 100 Continue\r\n\r\n" + interim + AGREEMENT)?.kind, "accepted");
  equal(read(interim.repeat(20) + AGREEMENT)?.kind, "invalid");
});

test("UpgradeAnswerReader reads a refusal's body, however it is framed and cut", () => {
  const answers: [string, boolean][] = [
    ["HTTP/1.1 403 Forbidden\r\ncontent-length: 5\r\n\r\nno wa", false],
    [
      "HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n3\r\n wa\r\n0\r\n\r\n",
      false,
    ],
    ["HTTP/1.1 403 Forbidden\r\n\r\nno wa", true],
    ["HTTP/1.0 403 Forbidden\r\n\r\nno wa", true],
  ];
  for (const [answer, isClosed] of answers) {
    for (let cut = 0; cut <= answer.length; cut++) {
      const pieces = [answer.slice(0, cut), answer.slice(cut), ...(isClosed ? [null] : [])];
      deepEqual(refusal(...pieces), [403, "no wa"], `${answer} cut at ${cut}`);
    }
  }
});

test("UpgradeAnswerReader gives a refusal without a body at once", () => {
  deepEqual(refusal("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"), [404, null]);
  deepEqual(refusal("HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n"), [304, null]);
});

test("UpgradeAnswerReader leaves a body that is cut off or too long, and what describes it", () => {
  const head =
    "HTTP/1.1 500 Oops\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\nx-a: 1\r\n";
  const long = "x".repeat(MAX_REFUSAL_BYTES + 1);
  for (
    const result of [
      read(`${head}content-length: 9\r\n\r\nabc`, null),
      read(`${head}\r\n${long}`),
      read(`${head}content-length: ${long.length}\r\n\r\n${long}`),
    ]
  ) {
    deepEqual(result, { kind: "refused", status: 500, fields: [["x-a", "1"]], body: null });
  }
});

test("UpgradeAnswerReader takes a body of just the limit", () => {
  const body = "x".repeat(MAX_REFUSAL_BYTES);
  deepEqual(refusal(`HTTP/1.1 500 Oops\r\ncontent-length: ${body.length}\r\n\r\n${body}`), [
    500,
    body,
  ]);
});

test("UpgradeAnswerReader calls invalid what is no HTTP, too large, contradictory or nothing", () => {
  for (
    const pieces of [
      [null],
      ["HTTP/1.1 101 Swi", null],
      ["SSH-2.0-OpenSSH_9.2\r\n\r\n"],
      ["HTTP/1.1 200 OK\r\nx: " + "y".repeat(70_000)],
      ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"],
      ["HTTP/1.1 403 No\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"],
      ["HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ]
  ) {
    equal(read(...pieces)?.kind, "invalid", JSON.stringify(pieces).slice(0, 60));
  }
});

test("UpgradeAnswerReader.giveUp() has the status of a refusal whose body never ends", () => {
  const reader = new UpgradeAnswerReader(REQUEST);
  equal(reader.giveUp(), undefined);
  equal(reader.push(encodeLatin1("HTTP/1.1 403 Forbidden\r\n\r\nslow")), undefined);
  deepEqual(reader.giveUp(), { kind: "refused", status: 403, fields: [], body: null });
});
