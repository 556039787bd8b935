import { deepEqual, equal, throws } from "node:assert/strict";
import { encodeLatin1, type Field, parseResponseHead } from "../../sidecar/http1.ts";
import {
  acceptFor,
  checkUpgradeAnswer,
  findUpgradeProblem,
  parseProtocols,
  refusalHeaders,
  renderUpgradeRequest,
  type UpgradeAnswer,
} from "../../sidecar/websocket_handshake.ts";
import { test } from "../_support/test.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

function upgradeHeaders(changes: Record<string, string | undefined> = {}): Headers {
  const headers = new Headers({ "sec-websocket-version": "13", "sec-websocket-key": KEY });
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return headers;
}

function request(headers: readonly Field[], protocols: readonly string[] = []): string {
  return new TextDecoder().decode(
    renderUpgradeRequest({ requestTarget: "/?token=a%20b", headers, protocols, key: KEY }),
  );
}

const AGREEMENT: readonly Field[] = [
  ["Upgrade", "WebSocket"],
  ["Connection", "keep-alive, Upgrade"],
  ["Sec-WebSocket-Accept", ACCEPT],
];

function check(
  fields: readonly Field[],
  protocols: readonly string[] = [],
  status = "101 Switching Protocols",
): UpgradeAnswer {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = parseResponseHead(encodeLatin1(`HTTP/1.1 ${status}\r\n${lines}\r\n`));
  if (head === undefined) throw new Error("the head is incomplete");
  return checkUpgradeAnswer(head, { key: KEY, protocols });
}

function without(name: string): Field[] {
  return AGREEMENT.filter(([key]) => key !== name);
}

test("acceptFor() gives the example of RFC 6455 §1.3", () => {
  equal(acceptFor(KEY), ACCEPT);
});

test("findUpgradeProblem() lets a right request pass", () => {
  equal(findUpgradeProblem("GET", upgradeHeaders()), undefined);
  equal(findUpgradeProblem("GET", upgradeHeaders({ "content-length": "0" })), undefined);
});

test("findUpgradeProblem() finds wrong methods, versions, keys and bodies", () => {
  const status = (method: string, changes: Record<string, string | undefined> = {}) =>
    findUpgradeProblem(method, upgradeHeaders(changes))?.status;
  equal(status("POST"), 405);
  equal(status("GET", { "sec-websocket-version": "99" }), 426);
  equal(status("GET", { "sec-websocket-version": undefined }), 426);
  equal(status("GET", { "sec-websocket-key": undefined }), 400);
  equal(status("GET", { "sec-websocket-key": "abc" }), 400);
  equal(status("GET", { "sec-websocket-key": `${KEY}, ${KEY}` }), 400);
  // Case: 15 bytes, and 16 bytes whose last digit carries bits
  equal(status("GET", { "sec-websocket-key": "dGhlIHNhbXBsZSBub25j" }), 400);
  equal(status("GET", { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZR==" }), 400);
  equal(status("GET", { "content-length": "5" }), 400);
  equal(status("GET", { "transfer-encoding": "chunked" }), 400);
});

test("renderUpgradeRequest() sends end-to-end fields as they came, and its own handshake", () => {
  const text = request([
    ["host", "app.test:8000"],
    ["origin", "http://app.test:8000"],
    ["cookie", "a=1; b=2"],
    ["authorization", "Bearer x"],
    ["Sec-WebSocket-Key", "theirs"],
    ["sec-websocket-extensions", "permessage-deflate"],
    ["sec-websocket-protocol", "theirs"],
    ["connection", "keep-alive, Upgrade"],
    ["upgrade", "h2c"],
    ["content-length", "3"],
  ], ["vite-hmr", "b"]);
  deepEqual(text.split("\r\n"), [
    "GET /?token=a%20b HTTP/1.1",
    "host: app.test:8000",
    "origin: http://app.test:8000",
    "cookie: a=1; b=2",
    "authorization: Bearer x",
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    `sec-websocket-key: ${KEY}`,
    "sec-websocket-protocol: vite-hmr, b",
    "",
    "",
  ]);
});

test("renderUpgradeRequest() offers no subprotocol where the browser offers none", () => {
  equal(request([["host", "a"]]).includes("sec-websocket-protocol"), false);
});

test("renderUpgradeRequest() refuses a field that would break out of its line", () => {
  throws(() => request([["host", "a\r\nx: y"]]), TypeError);
});

test("checkUpgradeAnswer() accepts an agreement, whatever the case of its tokens", () => {
  deepEqual(check(AGREEMENT), { kind: "accepted", protocol: undefined });
});

test("checkUpgradeAnswer() tells a refusal from an agreement", () => {
  deepEqual(check(AGREEMENT, [], "403 Forbidden"), { kind: "refused" });
  deepEqual(check([], [], "200 OK"), { kind: "refused" });
});

test("checkUpgradeAnswer() finds a 101 that is not for us", () => {
  const cases: Field[][] = [
    without("Upgrade"),
    without("Connection"),
    without("Sec-WebSocket-Accept"),
    [...without("Upgrade"), ["Upgrade", "h2c"]],
    [...without("Sec-WebSocket-Accept"), ["Sec-WebSocket-Accept", ACCEPT.toLowerCase()]],
    [...AGREEMENT, ["Sec-WebSocket-Accept", ACCEPT]],
    [...AGREEMENT, ["Sec-WebSocket-Extensions", "permessage-deflate"]],
  ];
  for (const fields of cases) equal(check(fields).kind, "invalid", JSON.stringify(fields));
});

test("checkUpgradeAnswer() takes exactly one of the subprotocols that were offered", () => {
  const withProtocol = (...values: string[]) =>
    check([...AGREEMENT, ...values.map((value): Field => ["Sec-WebSocket-Protocol", value])], [
      "vite-hmr",
      "chat",
    ]);
  deepEqual(withProtocol("chat"), { kind: "accepted", protocol: "chat" });
  deepEqual(withProtocol(), { kind: "accepted", protocol: undefined });
  for (const values of [["Chat"], ["other"], ["chat, vite-hmr"], ["chat", "vite-hmr"], [""]]) {
    equal(withProtocol(...values).kind, "invalid", JSON.stringify(values));
  }
});

test("parseProtocols() splits with and without spaces", () => {
  deepEqual(parseProtocols(null), []);
  deepEqual(parseProtocols("vite-hmr"), ["vite-hmr"]);
  deepEqual(parseProtocols("a,b , c,,"), ["a", "b", "c"]);
});

test("refusalHeaders() drops what belongs to the connection, and what it lists", () => {
  deepEqual(
    refusalHeaders([
      ["content-type", "text/html"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["www-authenticate", "Basic"],
      ["connection", "close, X-Secret"],
      ["x-secret", "1"],
      ["content-length", "5"],
      ["transfer-encoding", "chunked"],
      ["keep-alive", "timeout=5"],
      ["sec-websocket-version", "13"],
      ["upgrade", "websocket"],
    ]),
    [
      ["content-type", "text/html"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["www-authenticate", "Basic"],
    ],
  );
});
