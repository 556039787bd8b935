import { deepEqual, equal, throws } from "node:assert/strict";
import {
  encodeLatin1,
  type Field,
  isPersistent,
  MAX_FIELDS,
  MAX_HEAD_BYTES,
  parseResponseHead,
  renderChunk,
  renderRequestHead,
  responseFraming,
  type ResponseHead,
  valuesOf,
} from "../../sidecar/http1.ts";
import { test } from "../_support/test.ts";

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

function parse(head: string): ResponseHead | undefined {
  return parseResponseHead(encodeLatin1(head));
}

function parsed(head: string): ResponseHead {
  const result = parse(head);
  if (result === undefined) throw new Error("Cannot parse the head: it is not whole");
  return result;
}

test("renderRequestHead() writes the target and the fields as they are", () => {
  const head = renderRequestHead("GET", "/a%2Fb//c?x=%zz|&y", [
    ["host", "localhost:8000"],
    ["x-two", "a"],
    ["x-two", "b\t c"],
  ]);
  equal(
    text(head),
    "GET /a%2Fb//c?x=%zz|&y HTTP/1.1\r\nhost: localhost:8000\r\nx-two: a\r\nx-two: b\t c\r\n\r\n",
  );
});

test("renderRequestHead() sends code points up to U+00FF as one byte each", () => {
  deepEqual([...renderRequestHead("GET", "/", [["x", "é\xff"]]).slice(-6, -4)], [0xe9, 0xff]);
});

test("renderRequestHead() refuses what could break out of its line", () => {
  const fields: Field[] = [];
  for (const method of ["", "GET /", "GE T", "G\r\nET", "GÉT", "GET\0"]) {
    throws(() => renderRequestHead(method, "/", fields), TypeError, JSON.stringify(method));
  }
  for (
    const target of ["", "x", "*", "http://evil.test/", "/a b", "/a\r\nb", "/a\tb", "/\0", "/\x7f"]
  ) {
    throws(() => renderRequestHead("GET", target, fields), TypeError, JSON.stringify(target));
  }
  for (const value of ["a\r\nx: y", "a\nb", "a\rb", "a\0b"]) {
    throws(() => renderRequestHead("GET", "/", [["x", value]]), TypeError, JSON.stringify(value));
  }
});

test("encodeLatin1() makes a question mark of what does not fit a byte", () => {
  deepEqual([...encodeLatin1("a\xe9€😀")], [0x61, 0xe9, 0x3f, 0x3f, 0x3f]);
});

test("parseResponseHead() waits for the empty line, wherever it is cut", () => {
  const whole = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n";
  for (let cut = 0; cut < whole.length; cut++) {
    equal(parse(whole.slice(0, cut)), undefined, String(cut));
  }
  equal(parsed(`${whole}body`).end, whole.length);
});

test("parseResponseHead() keeps duplicates in their order and trims blanks and tabs alone", () => {
  const { status, isHttp11, fields } = parsed(
    "HTTP/1.1 207 Multi Status\r\nSet-Cookie: a=1, x\r\nset-cookie:b=2\r\nX-E:\r\nX-T: \t v \t \r\n\r\n",
  );
  deepEqual({ status, isHttp11, fields }, {
    status: 207,
    isHttp11: true,
    fields: [["set-cookie", "a=1, x"], ["set-cookie", "b=2"], ["x-e", ""], ["x-t", "v"]],
  });
});

test("parseResponseHead() takes a status line without a reason, and HTTP/1.0", () => {
  deepEqual(parsed("HTTP/1.1 200\r\n\r\n").fields, []);
  equal(parsed("HTTP/1.1 200 \r\n\r\n").status, 200);
  equal(parsed("HTTP/1.0 404 Not Found\r\n\r\n").isHttp11, false);
  equal(parsed("HTTP/1.1 999 Odd\r\n\r\n").status, 999);
});

test("parseResponseHead() gives bytes above ASCII as code points of the same number", () => {
  const bytes = Array.from({ length: 128 }, (_, index) => String.fromCharCode(128 + index)).join(
    "",
  );
  const { fields } = parsed(`HTTP/1.1 200 OK\r\nx: ${bytes}\r\n\r\n`);
  equal(fields[0]?.[1], bytes);
});

test("parseResponseHead() refuses what is no status line of HTTP/1.x", () => {
  for (
    const line of [
      "",
      "HTTP/2 200 OK",
      "HTTP/1.2 200 OK",
      "http/1.1 200 OK",
      "HTTP/1.1  200 OK",
      " HTTP/1.1 200 OK",
      "HTTP/1.1 20 OK",
      "HTTP/1.1 2000 OK",
      "HTTP/1.1 099 OK",
      "HTTP/1.1 +20 OK",
      "HTTP/1.1 200\tOK",
      "HTTP/1.1 200 O\rK",
      "HTTP/1.1 200 O\nK",
      "ICY 200 OK",
      "SSH-2.0-OpenSSH_9.2",
      "\x15\x03\x01\x00\x02\x02\x28",
    ]
  ) {
    throws(() => parse(`${line}\r\nA: b\r\n\r\n`), SyntaxError, JSON.stringify(line));
  }
});

test("parseResponseHead() refuses fields that two parsers may read differently", () => {
  for (
    const field of [
      "Content-Length : 5",
      " folded: x",
      "\tfolded",
      "A: b\r\n folded",
      "no colon",
      ": no name",
      "na me: x",
      "nämé: x",
      "A: b\rC: d",
      "A: b\nC: d",
      "A: b\0",
      "A: \x7f",
      "A: \x0b5",
      "A\0: b",
    ]
  ) {
    throws(() => parse(`HTTP/1.1 200 OK\r\n${field}\r\n\r\n`), SyntaxError, JSON.stringify(field));
  }
});

test("parseResponseHead() limits the number of fields (exactly at the limit passes)", () => {
  const head = (count: number): string => `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(count)}\r\n`;
  equal(parsed(head(MAX_FIELDS)).fields.length, MAX_FIELDS);
  throws(() => parse(head(MAX_FIELDS + 1)), SyntaxError);
});

test("parseResponseHead() limits the bytes (exactly at the limit passes, one byte over fails)", () => {
  const frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n".length;
  const head = (bytes: number): string => {
    return `HTTP/1.1 200 OK\r\nA: ${"x".repeat(bytes - frame)}\r\n\r\n`;
  };
  equal(parsed(head(MAX_HEAD_BYTES)).end, MAX_HEAD_BYTES);
  throws(() => parse(head(MAX_HEAD_BYTES + 1)), SyntaxError);
  equal(parse("HTTP/1.1 200 OK\r\n".padEnd(MAX_HEAD_BYTES - 1, "x")), undefined);
});

test("parseResponseHead() finds the end behind its first window, and never reads into a body", () => {
  for (const size of [4090, 4095, 4096, 4097, 5000]) {
    const head = `HTTP/1.1 200 OK\r\nA: ${"x".repeat(size)}\r\n\r\n`;
    equal(parsed(`${head}\xff\0 body \r\n\r\n`).end, head.length, String(size));
  }
});

function framing(method: string, status: number, ...fields: Field[]): unknown {
  return responseFraming(method, { status, isHttp11: true, fields, end: 0 });
}

test("responseFraming() reads the length, the coding, or the end of the connection", () => {
  deepEqual(framing("GET", 200, ["content-length", "5"]), { kind: "length", bytes: 5 });
  deepEqual(framing("GET", 200, ["content-length", "0"]), { kind: "none" });
  deepEqual(framing("GET", 200, ["transfer-encoding", "Chunked"]), { kind: "chunked" });
  deepEqual(framing("POST", 500), { kind: "close" });
});

test("responseFraming() knows the answers without a body, whatever they announce", () => {
  for (const fields of [[["content-length", "5"]], [["transfer-encoding", "chunked"]], []]) {
    const list = fields as unknown as Field[]; // literals of pairs
    deepEqual(framing("HEAD", 200, ...list), { kind: "none" });
    for (const status of [100, 103, 204, 304]) {
      deepEqual(framing("GET", status, ...list), { kind: "none" }, String(status));
    }
  }
});

test("responseFraming() refuses both a length and a coding, as in response splitting", () => {
  for (const method of ["GET", "HEAD"]) {
    throws(
      () => framing(method, 200, ["content-length", "5"], ["transfer-encoding", "chunked"]),
      SyntaxError,
    );
  }
});

test("responseFraming() refuses lengths that are not one plain number", () => {
  for (
    const length of [
      "",
      "+5",
      "-5",
      "0x5",
      "5 5",
      "5,5",
      "5, 5",
      "1e3",
      "5.0",
      "５",
      " ",
      "18446744073709551621",
    ]
  ) {
    throws(() => framing("GET", 200, ["content-length", length]), SyntaxError, length);
  }
  throws(() => framing("GET", 200, ["content-length", "5"], ["content-length", "5"]), SyntaxError);
  throws(() => framing("GET", 200, ["content-length", "5"], ["content-length", "6"]), SyntaxError);
});

test("responseFraming() refuses every transfer coding but chunked alone", () => {
  for (
    const coding of [
      "gzip, chunked",
      ",chunked",
      "chunked,",
      "identity",
      "xchunked",
      "chunked\x0b",
      "",
    ]
  ) {
    throws(() => framing("GET", 200, ["transfer-encoding", coding]), SyntaxError, coding);
  }
  const twice: Field[] = [["transfer-encoding", "chunked"], ["transfer-encoding", "chunked"]];
  throws(() => framing("GET", 200, ...twice), SyntaxError);
});

test("isPersistent() ends with HTTP/1.0, with Connection: close, and with a body that ends so", () => {
  const head = (isHttp11: boolean, ...fields: Field[]): ResponseHead => {
    return { status: 200, isHttp11, fields, end: 0 };
  };
  equal(isPersistent(head(true), { kind: "none" }), true);
  equal(isPersistent(head(true, ["connection", "keep-alive"]), { kind: "chunked" }), true);
  equal(isPersistent(head(true), { kind: "close" }), false);
  equal(isPersistent(head(false, ["connection", "keep-alive"]), { kind: "none" }), false);
  for (const value of ["close", "Close", "x-a, close", "close,keep-alive"]) {
    equal(isPersistent(head(true, ["connection", value]), { kind: "none" }), false, value);
  }
});

test("valuesOf() gives all values of a field in their order", () => {
  deepEqual(valuesOf([["a", "1"], ["b", "2"], ["a", "3"]], "a"), ["1", "3"]);
});

test("renderChunk() puts the size in hexadecimal before and a line end behind", () => {
  equal(text(renderChunk(encodeLatin1("x".repeat(26)))), `1a\r\n${"x".repeat(26)}\r\n`);
});
