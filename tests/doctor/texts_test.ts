import { deepEqual, equal } from "node:assert/strict";
import { editValue, editValues } from "../../doctor/json_edit.ts";
import { parseJsonc } from "../../doctor/jsonc.ts";
import { firstModule, hmrPlace, parseInstance } from "../../doctor/live_answers.ts";
import { parseListeners, parseParent } from "../../doctor/process_text.ts";
import { isInRange } from "../../doctor/version_range.ts";
import { parseConfigAnswer } from "../../doctor/vite_answer.ts";
import { parseRunRecord, renderRunRecord, type RunRecord } from "../../cli/run_record.ts";
import { jsonFile } from "../_support/snapshot.ts";
import { test } from "../_support/test.ts";

test("isInRange() reads ranges as npm writes them", () => {
  const cases: readonly (readonly [range: string, version: string, is: boolean])[] = [
    ["^8.0.0", "8.3.8", true],
    ["^8.0.0", "9.0.0", false],
    ["^0.2.3", "0.2.9", true],
    ["^0.2.3", "0.3.0", false],
    ["^0.0.3", "0.0.4", false],
    ["~6.0.3", "6.0.9", true],
    ["~6.0.3", "6.1.0", false],
    ["~6", "6.9.0", true],
    ["^20.19.0 || >=22.12.0", "20.20.2", true],
    ["^20.19.0 || >=22.12.0", "21.0.0", false],
    ["^20.19.0 || >=22.12.0", "24.0.0", true],
    [">=6 <8", "7.9.9", true],
    [">=6 <8", "8.0.0", false],
    [">= 6.0.0", "6.0.0", true],
    ["1.2.3", "1.2.3", true],
    ["1.2.3", "1.2.4", false],
    ["8.x", "8.9.1", true],
    ["8.x", "9.0.0", false],
    ["1.2 - 2.3", "2.3.9", true],
    [">1.2", "1.2.9", false],
    [">1.2.3", "1.2.4", true],
    ["<=1.2", "1.2.9", true],
    ["<=1.2.3", "1.2.4", false],
    ["*", "1.0.0", true],
    ["latest", "1.0.0", true],
    ["workspace:^", "1.0.0", true],
    ["git+https://host.test/x.git", "1.0.0", true],
    ["^8.0.0", "8.0.0-beta.1", true],
  ];
  for (const [range, version, is] of cases) {
    equal(isInRange(range, version), is, `${version} in ${range}`);
  }
});

test("parseJsonc() reads comments and commas too many, and no text as a comment", () => {
  const text = '\uFEFF{ // a\n "url": "http://x/* no */", /* b */ "list": [1, 2, /* c */ ], }';
  deepEqual(parseJsonc(text), { url: "http://x/* no */", list: [1, 2] });
  for (const broken of ["", "[]", "null", "{", '{"a": }', "// only"]) {
    equal(parseJsonc(broken), undefined, broken);
  }
});

test("parseJsonc() takes no longer for what is made to take long", () => {
  const pieces = [",/* a", ", ", '\\"', "/*", "//", '"', ",".padEnd(50)];
  const start = performance.now();
  for (const piece of pieces) equal(parseJsonc(`{${piece.repeat(50_000)}`), undefined);
  equal(performance.now() - start < 2000, true);
});

test("editValue() changes one value, and leaves two alone", () => {
  const file = (text: string) => jsonFile("a.json", {}, text);
  const [edit] = editValue(file('{ "a" : "1", // why\n "b": "1" }'), "a", "1", "2");
  equal(edit?.kind === "write" ? edit.after : "", '{ "a" : "2", // why\n "b": "1" }');
  deepEqual(editValue(file('{"a":"1","x":{"a":"1"}}'), "a", "1", "2"), []);
  deepEqual(editValue(file("{}"), "a", "1", "2"), []);
});

test("editValues() changes all or nothing, and takes names for what they are", () => {
  const file = jsonFile("package.json", {}, '{"@a/b.c":"^1.0.0","@a/bxc":"^1.0.0"}');
  const [edit] = editValues(file, [{ key: "@a/b.c", from: "^1.0.0", to: "$&2" }]);
  equal(edit?.kind === "write" ? edit.after : "", '{"@a/b.c":"$&2","@a/bxc":"^1.0.0"}');
  const both = [
    { key: "@a/b.c", from: "^1.0.0", to: "2" },
    { key: "missing", from: "^1.0.0", to: "2" },
  ];
  deepEqual(editValues(file, both), []);
});

test("parseListeners() reads what listens, and nothing else", () => {
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 111 1",
    "   1: 00000000:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 222 1",
    "   2: 0100007F:1F41 0100007F:9999 01 00000000:00000000 00:00000000 00000000  0 0 333 1",
    "   3: 00000000000000000000000001000000:1F42 0:0 0A 0:0 0:0 0 0 0 444 1",
    "   4: 0000000000000000FFFF00000100007F:1F43 0:0 0A 0:0 0:0 0 0 0 555 1",
    "   5: 00000000000000000000000000000000:1F44 0:0 0A 0:0 0:0 0 0 0 666 1",
    "broken",
  ].join("\n");
  deepEqual(parseListeners(text), [
    { address: "127.0.0.1", port: 8000, inode: "111" },
    { address: "0.0.0.0", port: 5173, inode: "222" },
    { address: "::1", port: 8002, inode: "444" },
    { address: "127.0.0.1", port: 8003, inode: "555" },
    { address: "::", port: 8004, inode: "666" },
  ]);
  deepEqual(parseListeners(""), []);
});

test("parseParent() knows names with parentheses, and no parent of one that is gone", () => {
  equal(parseParent("12 (a) b (c)) S 7 12 12"), 7);
  equal(parseParent("12 (a) Z 7 12 12"), undefined);
  equal(parseParent(""), undefined);
});

test("firstModule() finds the first module of the page's own origin", () => {
  const url = "http://127.0.0.1:8000/";
  const html = `<script src="/classic.js"></script>
    <script type="module">inline()</script>
    <script type="module" src="https://cdn.test/x.js"></script>
    <script async src=/src/main.ts?v=1 type=module></script>`;
  equal(firstModule(html, url), "/src/main.ts?v=1");
  equal(firstModule("<p>", url), undefined);
});

test("hmrPlace() finds token and path in Vite's client, else takes the base", () => {
  const client = 'const wsToken = "abc_-1";\nconst h = `${a}:${b || c.port}${"/static/vite-hmr"}`;';
  deepEqual(hmrPlace(client, "/static/"), { token: "abc_-1", path: "/static/vite-hmr" });
  deepEqual(hmrPlace("", "/"), { token: undefined, path: "/" });
});

test("parseInstance() takes nothing but the answer of a sidecar for one", () => {
  const record = { pid: 1, url: "http://127.0.0.1:8000/" };
  const text = JSON.stringify({ mode: "dev", vite: { condition: "ready" }, app: { kind: "none" } });
  equal(parseInstance(text, record)?.vite?.base, "/");
  for (const other of ["", "<!doctype html>", "null", "{}", '{"mode":"x"}', "[]"]) {
    equal(parseInstance(other, record), undefined, other);
  }
});

test("parseConfigAnswer() takes lines with the nonce alone, and survives any shape", () => {
  const line = (fields: object): string => JSON.stringify({ lv: "n", ...fields });
  equal(parseConfigAnswer("noise", "n"), undefined);
  equal(parseConfigAnswer(line({ event: "resolved" }), "other"), undefined);
  const failure = parseConfigAnswer(
    line({ event: "error", message: "no\nmore", file: "/v.ts", line: 3 }),
    "n",
  );
  deepEqual(failure, { kind: "failed", why: "no (/v.ts:3)" });
  const odd = parseConfigAnswer(
    line({ event: "resolved", config: { server: 1, build: null } }),
    "n",
  );
  equal(odd?.kind, "resolved");
});

const RECORD: RunRecord = {
  pid: 7,
  root: "/project",
  url: "http://127.0.0.1:8000/",
  key: "0123456789abcdef0123456789abcdef",
  version: "0.1.0",
};

test("parseRunRecord() reads what renderRunRecord() writes", () => {
  deepEqual(parseRunRecord(renderRunRecord(RECORD)), RECORD);
});

test("parseRunRecord() takes no forged one: the key goes to nobody", () => {
  const forged: readonly object[] = [
    { pid: 0 },
    { pid: -1 },
    { pid: 1.5 },
    { url: "https://evil.test/" },
    { url: "http://user:password@127.0.0.1/" },
    { url: "http://127.0.0.1:8000/path" },
    { url: "not a url" },
    { key: 1 },
  ];
  for (const fields of forged) {
    equal(
      parseRunRecord(JSON.stringify({ ...RECORD, ...fields })),
      undefined,
      JSON.stringify(fields),
    );
  }
  for (const text of ["", "null", "[]", "1"]) equal(parseRunRecord(text), undefined, text);
});
