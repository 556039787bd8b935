import { deepEqual, equal, throws } from "node:assert/strict";
import { ChunkedDecoder } from "../../sidecar/chunked_decoder.ts";
import { encodeLatin1 } from "../../sidecar/http1.ts";
import { test } from "../_support/test.ts";

interface Outcome {
  readonly body: string;
  readonly done: boolean;
  readonly rest: number;
}

function decode(...inputs: string[]): Outcome {
  const decoder = new ChunkedDecoder();
  let body = "";
  let done = false;
  let rest = 0;
  for (const input of inputs) {
    const result = decoder.decode(encodeLatin1(input));
    for (const piece of result.body) body += new TextDecoder("latin1").decode(piece);
    done = result.done;
    rest += result.rest;
  }
  return { body, done, rest };
}

const WHOLE =
  '5\r\nhello\r\n1A;name="va;lue"\r\nabcdefghijklmnopqrstuvwxyz\r\n01\r\n\n\r\n0\r\nX-T: y\r\n\r\n';
const BODY = "helloabcdefghijklmnopqrstuvwxyz\n";

test("ChunkedDecoder takes a body apart", () => {
  deepEqual(decode(WHOLE), { body: BODY, done: true, rest: 0 });
  deepEqual(decode("0\r\n\r\n"), { body: "", done: true, rest: 0 });
  deepEqual(decode("000000000001\r\nx\r\n0 \t;x\r\n\r\n"), { body: "x", done: true, rest: 0 });
});

test("ChunkedDecoder gives the same cut at every offset", () => {
  for (let cut = 0; cut <= WHOLE.length; cut++) {
    deepEqual(decode(WHOLE.slice(0, cut), WHOLE.slice(cut)), { body: BODY, done: true, rest: 0 });
  }
});

test("ChunkedDecoder gives the same byte by byte", () => {
  deepEqual(decode(...WHOLE), { body: BODY, done: true, rest: 0 });
});

test("ChunkedDecoder is never done before the empty line behind the last chunk", () => {
  for (let cut = 0; cut < WHOLE.length; cut++) equal(decode(WHOLE.slice(0, cut)).done, false);
});

test("ChunkedDecoder tells how many bytes came behind the end, and never takes them for the body", () => {
  deepEqual(decode(`${WHOLE}HTTP/1.1 200 OK\r\n`), { body: BODY, done: true, rest: 17 });
  deepEqual(decode("0\r\n\r\n", "5\r\nhello\r\n"), { body: "", done: true, rest: 10 });
});

test("ChunkedDecoder refuses sizes that another parser could read differently", () => {
  for (
    const size of [
      "",
      "0x5",
      "+5",
      "-5",
      " 5",
      "5_0",
      "5 0",
      "g",
      "５",
      "5,",
      "1000000000000",
      "FFFFFFFFFFFFFFFF",
      "10000000000000005",
      "5\r",
      "\r5",
      "5\0",
      "5\x0b",
    ]
  ) {
    throws(() => decode(`${size}\r\nhello\r\n0\r\n\r\n`), SyntaxError, JSON.stringify(size));
  }
});

test("ChunkedDecoder refuses lone LF, also in an extension (TERM.EXT) and in trailers", () => {
  for (
    const input of [
      "5\nhello\r\n0\r\n\r\n",
      "5;a\nb\r\nhello\r\n0\r\n\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhello\r\n0\n\r\n",
      "0\r\n\n",
      "0\r\nA: b\n\r\n",
      "5;\r\r\nhello\r\n0\r\n\r\n",
    ]
  ) {
    throws(() => decode(input), SyntaxError, JSON.stringify(input));
  }
});

test("ChunkedDecoder refuses a chunk longer than its size says", () => {
  throws(() => decode("5\r\nhelloo\r\n0\r\n\r\n"), SyntaxError);
  throws(() => decode("5\r\nhelloGET /smuggled HTTP/1.1\r\n"), SyntaxError);
  throws(() => decode("4\r\nhello\r\n0\r\n\r\n"), SyntaxError);
});

test("ChunkedDecoder drops trailers, whatever they say", () => {
  const trailers = "Content-Length: 5\r\nGET /smuggled HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
  deepEqual(decode(`1\r\nx\r\n0\r\n${trailers}\r\n`), { body: "x", done: true, rest: 0 });
});

test("ChunkedDecoder bounds a size line and the trailers, in one piece and in many", () => {
  const long = "x".repeat(5000);
  throws(() => decode(`5;${long}\r\nhello\r\n`), SyntaxError);
  throws(() => decode("5;", ...long), SyntaxError);
  throws(() => decode(`0\r\nA: ${long}\r\n\r\n`), SyntaxError);
  throws(() => decode("0\r\n", ..."A: b\r\n".repeat(2000).match(/.*\r\n/g) ?? []), SyntaxError);
});

test("ChunkedDecoder hands out views, not copies", () => {
  const input = encodeLatin1("5\r\nhello\r\n");
  const [piece] = new ChunkedDecoder().decode(input).body;
  equal(piece?.buffer, input.buffer);
});
