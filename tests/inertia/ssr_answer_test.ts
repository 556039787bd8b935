import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { AnswerReader } from "../../inertia/ssr_answer.ts";
import { test } from "../_support/test.ts";

const MAX_BYTES = 1000;
const ENCODER = new TextEncoder();

interface Read {
  readonly status: number;
  readonly text: string;
  readonly isReusable: boolean;
}

/** Reads an answer that comes in pieces of one size. */
function read(answer: string, size = Infinity, isEnded = false): Read {
  const reader = new AnswerReader(MAX_BYTES);
  const bytes = ENCODER.encode(answer);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.slice(at, at + size));
  if (isEnded) reader.end();
  ok(reader.isDone, "it is all there");
  return { status: reader.status, text: reader.text(), isReusable: reader.isReusable };
}

const LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ngrüße";
const CHUNKED = "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "4;x=y\r\ngrü\r\n3\r\nße\r\n0\r\nTrailer: t\r\n\r\n";

test("AnswerReader reads a body of a known length and one in chunks, however they are cut", () => {
  for (let size = 1; size < 100; size++) {
    deepEqual(read(LENGTH, size), { status: 200, text: "grüße", isReusable: true });
    deepEqual(read(CHUNKED, size), { status: 500, text: "grüße", isReusable: true });
  }
});

test("AnswerReader takes the end of the connection for that of a body without a length", () => {
  deepEqual(read("HTTP/1.1 200 OK\r\n\r\nabc", 2, true), {
    status: 200,
    text: "abc",
    isReusable: false,
  });
});

test("AnswerReader skips what is said before the answer", () => {
  equal(read(`HTTP/1.1 100 Continue\r\n\r\n${LENGTH}`).status, 200);
});

test("AnswerReader says that a connection is of no more use", () => {
  const body = "Content-Length: 1\r\n\r\na";
  ok(read(`HTTP/1.1 200 OK\r\n${body}`).isReusable);
  ok(!read(`HTTP/1.1 200 OK\r\nConnection: close\r\n${body}`).isReusable);
  ok(!read(`HTTP/1.0 200 OK\r\n${body}`).isReusable);
  // What nobody asked for could be taken for the next answer.
  ok(!read(`HTTP/1.1 200 OK\r\n${body}HTTP/1.1 200 OK\r\n`).isReusable);
});

test("AnswerReader refuses what is too large, before it is there", () => {
  const reader = new AnswerReader(MAX_BYTES);
  const head = (length: number): Uint8Array =>
    ENCODER.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
  throws(() => reader.push(head(MAX_BYTES + 1)), /^RangeError: it is larger than 1000 bytes$/);
  const allowed = new AnswerReader(MAX_BYTES);
  allowed.push(head(MAX_BYTES));
  allowed.push(new Uint8Array(MAX_BYTES));
  ok(allowed.isDone);
  const endless = new AnswerReader(MAX_BYTES);
  endless.push(ENCODER.encode("HTTP/1.1 200 OK\r\n\r\n"));
  endless.push(new Uint8Array(MAX_BYTES));
  throws(() => endless.push(new Uint8Array(1)), RangeError);
  const chunked = new AnswerReader(MAX_BYTES);
  chunked.push(ENCODER.encode("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n"));
  throws(() => chunked.push(new Uint8Array(MAX_BYTES + 1)), RangeError);
  const wide = new AnswerReader(MAX_BYTES);
  const field = `HTTP/1.1 200 OK\r\nX: ${"a".repeat(100_000)}`;
  throws(() => wide.push(ENCODER.encode(field)), /its head is too large/);
});

for (
  const [what, answer] of [
    ["another protocol", "220 mail.test ESMTP\r\n"],
    ["a status that is none", "HTTP/1.1 000 Nothing\r\n\r\n"],
    ["a field without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n"],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["a coding", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"],
    ["another framing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    ["a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"],
    ["a chunk without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"],
  ] as const
) {
  test(`AnswerReader refuses ${what}`, () => {
    throws(() => new AnswerReader(MAX_BYTES).push(ENCODER.encode(answer)), SyntaxError);
  });
}

test("AnswerReader refuses an answer that breaks off", () => {
  for (const text of ["", "HTTP/1.1 20", LENGTH.slice(0, -1), CHUNKED.slice(0, -2)]) {
    const reader = new AnswerReader(MAX_BYTES);
    reader.push(ENCODER.encode(text));
    throws(() => reader.end(), /^SyntaxError: the connection ended within the answer$/);
  }
});
