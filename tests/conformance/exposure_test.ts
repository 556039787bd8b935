/**
 * What a front must not open again that Vite has closed (facts of the advisories of Vite, 2025 and 2026).
 */
import { equal, match, ok } from "node:assert/strict";
import { createSidecar, type SidecarOptions } from "../../mod.ts";
import { onOnePort } from "../_support/one_port.ts";
import { createProject, type Project } from "../_support/project.ts";
import {
  ask,
  openRaw,
  type RawField,
  type RawRequest,
  type RawResponse,
  readResponse,
  renderRequest,
} from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

const MARK = "mark-of-a-secret-2f6b";
const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "exposed", "private": true, "type": "module" }',
  "index.html":
    '<!doctype html><html><head></head><body><script type="module" src="/src/main.ts"></script></body></html>',
  "src/main.ts": 'export const own: string = "own module";',
  ".env": `SECRET=${MARK}`,
  ".env.local": `SECRET=${MARK}`,
  "server.pem": MARK,
  ".git/config": MARK,
  "secret.html/.env": MARK,
};

interface Exposed {
  readonly port: number;
  readonly project: Project;
  ask(target: string, fields?: readonly RawField[], method?: string): Promise<RawResponse>;
}

/** Runs a test before a real Vite. */
async function beforeVite(
  run: (exposed: Exposed) => Promise<void>,
  options: SidecarOptions = {},
): Promise<void> {
  const project = await createProject("exposed", FILES);
  const sidecar = await createSidecar({ root: project.root, ...options });
  try {
    const { port } = sidecar.serve(undefined, { port: 0 });
    await sidecar.ready();
    await run({
      port,
      project,
      ask: (target, fields = [], method = "GET") => ask(port, { target, fields, method }),
    });
  } finally {
    await sidecar.close();
    await project.remove();
  }
}

const upgradeFields = (protocol: string, more: readonly RawField[]): RawField[] => [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ["Sec-WebSocket-Protocol", protocol],
  ...more,
];

interface Handshake {
  readonly target?: string;
  readonly protocol?: string;
  readonly fields?: readonly RawField[];
}

/** The status that a handshake is answered with. */
async function shake(
  port: number,
  { target = "/", protocol = "vite-hmr", fields = [] }: Handshake,
): Promise<number> {
  const client = await openRaw(port);
  await client.write(renderRequest(port, { target, fields: upgradeFields(protocol, fields) }));
  const head = await client.until("\r\n\r\n");
  await client.close();
  return Number(head?.split(" ")[1]);
}

const CROSS_SITE: RawField[] = [["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "no-cors"]];
const EVIL: RawField[] = [["Origin", "http://evil.test"], ["Sec-Fetch-Site", "cross-site"]];

function isClosed(answer: RawResponse, what: string): void {
  equal(answer.status, 403, what);
  ok(!answer.body.toString().includes("own module"), what);
}

test("a name of somebody else's gets nothing from Vite, over HTTP and over sockets (V1)", () =>
  beforeVite(async ({ port, ask: get }) => {
    match((await get("/src/main.ts")).body.toString(), /own module/);
    const token = /wsToken = "([^"]+)"/.exec((await get("/@vite/client")).body.toString())?.[1];
    ok(token !== undefined);
    for (
      const host of ["evil.test", `evil.test:${port}`, "127.0.0.1.nip.io", "localhost.evil.test"]
    ) {
      const fields: RawField[] = [["Host", host]];
      isClosed(await get("/src/main.ts", fields), host);
      isClosed(await get("/@vite/client", fields), host);
      const origin: RawField[] = [...fields, ["Origin", `http://${host}`]];
      equal(await shake(port, { target: `/?token=${token}`, fields: origin }), 403, host);
      equal(await shake(port, { protocol: "vite-ping", fields: origin }), 403, host);
    }
    for (const host of ["localhost", "evil.localhost", `[::1]:${port}`, "192.168.1.7"]) {
      equal((await get("/src/main.ts", [["Host", host]])).status, 200, host);
    }
  }));

test("another origin opens no socket of Vite, not even a ping (V2, V3, CVE-2025-24010, CVE-2026-39363)", () =>
  beforeVite(async ({ port, ask: get }) => {
    const token = /wsToken = "([^"]+)"/.exec((await get("/@vite/client")).body.toString())?.[1];
    const target = `/?token=${token}`;
    const own: RawField[] = [["Origin", `http://127.0.0.1:${port}`]];
    const foreign = [
      "http://evil.test",
      "null",
      "http://127.0.0.1:1",
      "http://localhost",
      "file://",
    ];
    for (const origin of foreign) {
      for (const protocol of ["vite-hmr", "vite-ping"]) {
        const fields: RawField[] = [["Origin", origin], ["Cookie", "a=1"]];
        equal(await shake(port, { target, protocol, fields }), 403, `${protocol} ${origin}`);
        equal(await shake(port, { protocol, fields }), 403, `${protocol} ${origin}`);
      }
    }
    // Vite itself lets a client in that shows neither an origin nor a token.
    equal(await shake(port, {}), 403);
    equal(await shake(port, { fields: [["Cookie", "a=1"]] }), 403);
    equal(await shake(port, { target: "/?token=wrong" }), 403);
    equal(await shake(port, { protocol: "vite-ping" }), 403);
    equal(await shake(port, { target, fields: CROSS_SITE }), 403);
    // The page's own: Vite checks the token.
    equal(await shake(port, { target, fields: own }), 101);
    equal(await shake(port, { protocol: "vite-ping", fields: own }), 101);
    equal(await shake(port, { target: "/?token=wrong", fields: own }), 400);
  }));

test("a socket reaches Vite with its Host, Origin, cookies and token as they came (F1, V4)", () =>
  onOnePort({
    app: null,
    vite: (exchange) => exchange.answer(400, "no"),
  }, async ({ port, vite }) => {
    const host = `app.localhost:${port}`;
    const fields: RawField[] = [
      ["Host", host],
      ["Origin", `http://${host}`],
      ["Cookie", "a=1; b=2"],
    ];
    equal(await shake(port, { target: "/?token=aB3_-x%2F==&y", fields }), 400);
    const [seen] = vite.requests;
    equal(seen?.target, "/?token=aB3_-x%2F==&y");
    equal(seen?.field("host"), host);
    equal(seen?.field("origin"), `http://${host}`);
    equal(seen?.field("cookie"), "a=1; b=2");
    equal(seen?.field("sec-websocket-protocol"), "vite-hmr");
  }));

test("what is refused never reaches Vite or the backend, over HTTP and over sockets", () =>
  onOnePort({}, async ({ port, vite, backend }) => {
    const hosts: readonly RawField[][] = [[["Host", "evil.test"]], [["Host", "a b"]], EVIL];
    for (const fields of hosts) {
      for (const target of ["/src/main.ts", "/@vite/client", "/__open-in-editor?file=x"]) {
        ok([400, 403].includes((await ask(port, { target, fields })).status), target);
      }
      for (const protocol of ["vite-hmr", "vite-ping", "graphql-ws"]) {
        ok([400, 403].includes(await shake(port, { target: "/ws", protocol, fields })), protocol);
      }
    }
    equal(vite.requests.length, 0);
    equal(backend.requests.length, 0);
  }));

test("a page of another site gets no module, no preflight and no permission to read (V5, V6)", () =>
  beforeVite(async ({ ask: get, port }) => {
    for (
      const target of ["/src/main.ts", "/@vite/client", "/src/main.ts?import", "/package.json"]
    ) {
      isClosed(await get(target, [...CROSS_SITE, ["Sec-Fetch-Dest", "script"]]), target);
      isClosed(await get(target, EVIL), target);
      isClosed(await get(target, [["Origin", "null"]]), target);
      const preflight: RawField[] = [...EVIL, ["Access-Control-Request-Method", "GET"]];
      const answer = await get(target, preflight, "OPTIONS");
      equal(answer.status, 403);
      ok(!/access-control-allow-origin/i.test(answer.head));
    }
    const own = await get("/src/main.ts", [["Origin", `http://127.0.0.1:${port}`]]);
    equal(own.status, 200);
    ok(!/access-control-allow-origin: \*/i.test(own.head));
    // A link that leads here from elsewhere is harmless.
    const link: RawField[] = [["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "navigate"], [
      "Sec-Fetch-Dest",
      "document",
    ], ["Accept", "text/html"]];
    equal((await get("/", link)).status, 200);
  }));

test("no other site opens an editor, however it spells the path (facts 3.4.5)", () =>
  beforeVite(async ({ ask: get, port }) => {
    const paths = [
      "/__open-in-editor",
      "/__OPEN-IN-EDITOR",
      "/__Open-In-Editor/",
      "//__open-in-editor",
      "/__open-in-editor/x",
      "/%5f%5fopen-in-editor",
      "/__open%2din%2deditor",
      "/__open-in-editor.",
    ];
    const strangers: readonly RawField[][] = [
      [],
      EVIL,
      CROSS_SITE,
      [["Sec-Fetch-Site", "same-site"]],
      [["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "navigate"]],
      [["Origin", "http://127.0.0.1:1"]],
    ];
    for (const path of paths) {
      for (const fields of strangers) {
        equal((await get(`${path}?file=src/main.ts`, fields)).status, 403, `${path} ${fields}`);
      }
    }
    // A file that does not exist opens nothing.
    for (
      const fields of [[["Sec-Fetch-Site", "same-origin"]], [[
        "Origin",
        `http://127.0.0.1:${port}`,
      ]]] as const
    ) {
      equal((await get("/__open-in-editor?file=none.ts", fields)).status, 200);
    }
  }));

/** Targets of the advisories on `server.fs`: each read a file once. */
function corpus(root: string): string[] {
  const files = [
    "/.env",
    "/.env.local",
    "/server.pem",
    "/.git/config",
    `/@fs${root}/.env`,
    "/@fs/etc/passwd",
    "/@fs//etc/passwd",
  ];
  const suffixes = [
    "",
    "?raw",
    "?raw??",
    "?import&raw??",
    "?raw?import",
    "?inline&import",
    "?import&inline=1.wasm?init",
    "?import&inline",
    "?url",
    "?.svg?.wasm?init",
    "?.svg",
    "?import&url&inline",
    "?worker_file&type=module",
    "?html-proxy&index=0.js",
    "?direct",
    "?import&?raw",
    "?raw#",
    "/.",
    "/",
    "//",
    "\\",
    "%5c",
    "%2f",
    "%2f.",
    "::$DATA",
    "%3a%3a$DATA",
    "%00",
    "%00.js",
    ".",
    "%20",
    "?v=1",
    ".map",
    "?t=1&raw",
  ];
  const odd = [
    "/#/../../.env",
    "/#/../etc/passwd",
    "/src/../.env",
    "/src/%2e%2e/.env",
    "/src/..%2f.env",
    "/src/%252e%252e/.env",
    "/src/%25%32%65%25%32%65/.env",
    "/src/..\\.env",
    "/src/..%5c.env",
    "/..//..//etc/passwd",
    "//.env",
    "///.env",
    "/./.env",
    "/%2eenv",
    "/.%65nv",
    "/.ENV",
    "/@id/.env",
    "/@id/__x00__/etc/passwd",
    `/@id/${root}/.env?raw`,
    "/@id//etc/passwd?raw",
    "/@fs/../../etc/passwd",
    "/@fs/..%2f..%2fetc%2fpasswd",
    `/@fs${root}/src/../.env?raw`,
    `/@fs${root}%2f.env?raw`,
    `/@fs${root}x/../.env`,
    "/node_modules/.vite/deps/../../../.env",
    "/node_modules/.vite/deps/..%2f..%2f..%2f.env.map",
    "/node_modules/.vite/deps/%2e%2e/%2e%2e/%2e%2e/.env.map",
    "/secret.html/.env",
    "/index.html/../.env",
    "/public/../.env",
    "file:///etc/passwd",
    "/@fs/file:///etc/passwd",
    "http://127.0.0.1/@fs/etc/passwd?raw",
  ];
  return [...files.flatMap((file) => suffixes.map((suffix) => file + suffix)), ...odd];
}

test("no target of the known advisories reads a file that Vite denies (V7)", () =>
  beforeVite(async ({ port, project }) => {
    const headers: readonly (readonly RawField[])[] = [[], [["Sec-Fetch-Dest", "script"], [
      "Accept",
      "*/*",
    ]], [["Accept", "text/html"]]];
    const read = async (request: RawRequest): Promise<string> => {
      const client = await openRaw(port);
      await client.write(renderRequest(port, request));
      const answer = await readResponse(client).catch(() => undefined);
      await client.close();
      return answer?.body.toString() ?? "";
    };
    // What may be read is read: else the test would say nothing.
    match(await read({ target: "/src/main.ts?raw" }), /own module/);
    match(await read({ target: `/@fs${project.root}/src/main.ts` }), /own module/);
    for (const target of corpus(project.root)) {
      for (const fields of headers) {
        const body = await read({ target, fields });
        ok(!body.includes(MARK) && !body.includes("root:x:0"), `${target} ${fields}`);
        ok(
          !body.includes(btoa(`SECRET=${MARK}`)) && !body.includes(btoa(MARK)),
          `${target} ${fields}`,
        );
      }
    }
  }));
