/**
 * What a server of files owes, over raw connections: paths that lead out, odd files, ranges, conditions, slow readers.
 */
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { once } from "node:events";
import {
  open,
  readdir,
  readFile,
  readlink,
  rename,
  symlink,
  truncate,
  utimes,
} from "node:fs/promises";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { hasProc } from "../_support/listening.ts";
import { nginxTest, withNginx } from "../_support/nginx.ts";
import {
  ask,
  openRaw,
  type RawField,
  type RawRequest,
  type RawResponse,
  readResponse,
  renderRequest,
  valueOf,
} from "../_support/raw_http.ts";
import {
  serveStatic,
  type StaticListener,
  type StaticListenerOptions,
} from "../_support/static_listener.ts";
import { runtimeName, test } from "../_support/test.ts";

const MIB = 1024 * 1024;
const SECRET = "the secret of the house";
const SCRIPT = "export const text = 'a built file';\n".repeat(60);
const LARGE = Buffer.alloc(MIB, "0123456789abcdef");
const HASHED = "assets/index-BxC_12a4.js";

const SITE: Readonly<Record<string, string | Uint8Array>> = {
  "secret.txt": SECRET,
  "dist2/secret.txt": SECRET,
  "dist/index.html": "<!doctype html><p>page",
  "dist/favicon.ico": "icon",
  "dist/empty.txt": "",
  "dist/a b.txt": "a blank",
  "dist/ä.txt": "an umlaut",
  "dist/[...slug].js": "brackets",
  "dist/100%.txt": "a percent",
  [`dist/${HASHED}`]: SCRIPT,
  [`dist/${HASHED}.gz`]: zlib.gzipSync(SCRIPT),
  [`dist/${HASHED}.br`]: zlib.brotliCompressSync(SCRIPT),
  "dist/assets/large-BxC_12a5.mp4": LARGE,
  "dist/.env": SECRET,
  "dist/.git/config": SECRET,
  "dist/.vite/manifest.json": SECRET,
  "dist/.well-known/security.txt": "Contact: us",
};

interface Scene extends StaticListener {
  readonly folder: Folder;
  /** Asks over a connection of its own. */
  ask(target: string, fields?: readonly RawField[], method?: string): Promise<RawResponse>;
}

async function withSite(
  run: (scene: Scene) => Promise<void>,
  options: Partial<StaticListenerOptions> = {},
): Promise<void> {
  await inFolder(SITE, async (folder) => {
    await folder.link("dist/out.txt", "../secret.txt");
    await folder.link("dist/etc", "/etc");
    await folder.link("dist/gone", "nowhere");
    await folder.link("dist/loop", "loop");
    await folder.link("dist/assets/up", "..");
    await folder.link("dist/inside.js", HASHED);
    folder.pipe("dist/pipe");
    const listener = await serveStatic({ dir: folder.at("dist"), prefix: "/", ...options });
    try {
      await run({
        ...listener,
        folder,
        ask: (target, fields = [], method = "GET") =>
          ask(listener.port, { target, fields, method }),
      });
    } finally {
      await listener.close();
    }
  });
}

/** T1–T20 of paths; each with `/` or with the escape of it in front of a file that is there, or was never to be. */
const HOSTILE_TARGETS: readonly string[] = [
  ...["/../secret.txt", "/../../../../../../etc/passwd", "/assets/../../secret.txt"],
  ...["/%2e%2e/secret.txt", "/.%2e/secret.txt", "/%2E%2E%2Fsecret.txt", "/..%2fsecret.txt"],
  ...["/..%5csecret.txt", "/..\\secret.txt", "/assets/..%5c..%5csecret.txt"],
  ...["/%252e%252e/secret.txt", "/%252e%252e%252fsecret.txt", "/%25252e%25252e/secret.txt"],
  ...["/..;/secret.txt", "/..;a=b/secret.txt", "/%2e%2e;/secret.txt"],
  ...["/%c0%ae%c0%ae/secret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/%c0%afetc/passwd"],
  ...["/%uff0e%uff0e/secret.txt", "/．．/secret.txt", "/%ef%bc%8e%ef%bc%8e/secret.txt"],
  ...["//etc/passwd", "///etc/passwd", "/etc/passwd", "/etc/hostname", "/./../secret.txt"],
  ...["/%00", "/favicon.ico%00", "/favicon.ico%00.js", "/x%00.js", "/..%00/secret.txt"],
  ...["/.env", "/%2eenv", "/%2Eenv", "/.git/config", "/%2egit/config", "/.git%2fconfig"],
  ...["/.vite/manifest.json", "/%2evite/manifest.json", "/assets/../.env", "/assets/up/.env"],
  ...["/out.txt", "/gone", "/loop", "/pipe", "/etc", "/assets/up/favicon.ico"],
  ...["/favicon.ico/", "/favicon.ico//", "/favicon.ico/.", "/favicon.ico.", "/favicon.ico%20"],
  ...["/favicon.ico::$DATA", "/favicon.ico:$DATA", "/favicon.ico%3a%3a$DATA", "/FAVICO~1.ICO"],
  ...["/CON", "/NUL", "/aux.js", "/C:/secret.txt", "/c:%5csecret.txt", "/C%3A/secret.txt"],
  ...["/\\\\host\\share\\x", "/%5c%5chost%5cshare%5cx", "//host/share/x"],
  ...["/FAVICON.ICO", "/Favicon.ico", "/ASSETS/index-BxC_12a4.js", "/assets/INDEX-BxC_12a4.js"],
  ...["/assets", "/assets/", "/assets//index-BxC_12a4.js", "//favicon.ico", "/./favicon.ico"],
  ...["/assets%2findex-BxC_12a4.js", "/assets%5cindex-BxC_12a4.js", "/%2ffavicon.ico"],
  ...["/100%.txt", "/%", "/%zz", "/%e4.txt", "/favicon.ico;v=1", "/dist2/secret.txt"],
  ...["/../dist2/secret.txt", "/..dist2/secret.txt", "/%2e%2e%64ist2/secret.txt"],
];

/** What Bun's listener makes of a target before anybody sees it: the path of a file that anybody may have. */
const NORMALISED_BY_BUN: readonly string[] = ["/./favicon.ico", "/favicon.ico/."];

test("no spelling of a path leads to what is not served", () =>
  withSite(async ({ ask }) => {
    for (const target of HOSTILE_TARGETS) {
      // A client that sends other than ASCII sends bytes; the raw client writes Latin-1.
      const { status, body, fields } = await ask(Buffer.from(target).toString("latin1"));
      const text = body.toString();
      ok(!text.includes(SECRET) && !text.includes("root:"), `${target} told: ${text}`);
      const isNormalised = runtimeName === "bun" &&
        (NORMALISED_BY_BUN.includes(target) || target.includes("\\"));
      if (isNormalised && status === 200) continue;
      ok(status === 404 || status === 400, `${target} got ${status}`);
      ok(!/html/.test(valueOf(fields, "content-type") ?? ""), `${target} got a page`);
    }
  }));

test("the same below a prefix", () =>
  withSite(async ({ ask }) => {
    equal((await ask("/static/favicon.ico")).status, 200);
    for (const target of HOSTILE_TARGETS) {
      for (const prefix of ["/static", "/static/assets/..", "/static%2f"]) {
        const { status, body } = await ask(Buffer.from(prefix + target).toString("latin1"));
        ok(!body.toString().includes(SECRET), `${prefix}${target}`);
        ok(status === 404 || status === 400 || runtimeName === "bun", `${target} got ${status}`);
      }
    }
    for (
      const target of ["/favicon.ico", "/static", "/staticfavicon.ico", "/static/../favicon.ico"]
    ) {
      const { status } = await ask(target);
      ok(status === 404 || status === 400, `${target} got ${status}`);
    }
  }, { prefix: "/static/" }));

test("every file that is served answers under its own name", () =>
  withSite(async ({ ask }) => {
    const bodies: Record<string, string> = {
      "/index.html": "<!doctype html><p>page",
      "/favicon.ico": "icon",
      "/favicon.ico?v=1": "icon",
      "/f%61vicon.ico": "icon",
      "/a%20b.txt": "a blank",
      "/%C3%A4.txt": "an umlaut",
      "/[...slug].js": "brackets",
      "/%5B...slug%5D.js": "brackets",
      "/100%25.txt": "a percent",
      "/.well-known/security.txt": "Contact: us",
      "/inside.js": SCRIPT,
    };
    for (const [target, body] of Object.entries(bodies)) {
      const answer = await ask(target);
      equal(answer.status, 200, target);
      equal(answer.body.toString(), body, target);
      equal(valueOf(answer.fields, "content-length"), String(Buffer.byteLength(body)));
      equal(valueOf(answer.fields, "x-content-type-options"), "nosniff");
    }
  }));

test("a lost hashed file is 404 and no-store, and no page", () =>
  withSite(async ({ ask }) => {
    const { status, fields, body } = await ask("/assets/index-OldOld12.js", [
      ["accept", "text/html,*/*"],
      ["sec-fetch-dest", "document"],
    ]);
    equal(status, 404);
    equal(valueOf(fields, "cache-control"), "no-store");
    equal(body.toString(), "Not Found\n");
  }));

test("HEAD says what GET says, without the body, and the connection goes on", () =>
  withSite(async ({ port }) => {
    const end = await openRaw(port);
    const on = async (request: RawRequest): Promise<RawResponse> => {
      await end.write(renderRequest(port, request));
      return await readResponse(end, request.method);
    };
    const without = ({ fields }: RawResponse) =>
      Object.fromEntries(fields.filter(([name]) => name !== "date"));
    for (
      const target of [`/${HASHED}`, "/empty.txt", "/assets/large-BxC_12a5.mp4", "/index.html"]
    ) {
      for (const fields of [[], [["accept-encoding", "br"]]] as const) {
        const head = await on({ method: "HEAD", target, fields });
        const get = await on({ target, fields });
        equal(head.status, 200);
        deepEqual(without(head), without(get), target);
        equal(get.isWhole, true);
        equal(get.body.length, Number(valueOf(head.fields, "content-length")));
      }
    }
    await end.close();
  }));

test("304 and 416 keep the connection in step", () =>
  withSite(async ({ port }) => {
    const end = await openRaw(port);
    for (const target of [`/${HASHED}`, "/assets/large-BxC_12a5.mp4"]) {
      const requests: [readonly RawField[], number][] = [
        [[["if-none-match", "*"]], 304],
        [[["range", "bytes=99999999-"]], 416],
        [[["if-match", '"x"']], 412],
        [[["range", "bytes=0-3"]], 206],
        [[], 200],
      ];
      for (const [fields, status] of requests) {
        await end.write(renderRequest(port, { target, fields }));
        const answer = await readResponse(end);
        equal(answer.status, status);
        equal(answer.isWhole, true);
      }
    }
    await end.close();
  }));

// Bun.serve reads `Range` itself where a body is a file, and must not find another answer in it than we do.
test("a large file is sent whole for a range that is none, and for a part of another file", () =>
  withSite(async ({ ask }) => {
    const target = "/assets/large-BxC_12a5.mp4";
    const requests: readonly (readonly RawField[])[] = [
      ...["bytes=5-2", "bytes=-", "bytes=a-b", "bytes=0-0,5-9", "bytes=0-,0-,0-", "lines=0-5"].map(
        (range): RawField[] => [["range", range]],
      ),
      [["range", "bytes=0-9"], ["if-range", '"other"']],
      [["range", "bytes=0-9"], ["if-range", "Sun, 06 Nov 1994 08:49:37 GMT"]],
      [["range", "bytes=99999999-"], ["if-range", '"other"']],
    ];
    for (const fields of requests) {
      const { status, body, fields: answered } = await ask(target, fields);
      equal(status, 200, JSON.stringify(fields));
      equal(body.length, LARGE.length);
      equal(valueOf(answered, "content-range"), undefined);
    }
    const { status, body } = await ask(target, [["range", "bytes=99999-500000"]]);
    equal(status, 206);
    equal(body.equals(LARGE.subarray(99_999, 500_001)), true);
  }));

test("methods other than GET and HEAD get 405, with or without a body", () =>
  withSite(async ({ port }) => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      for (const target of [`/${HASHED}`, "/assets/large-BxC_12a5.mp4"]) {
        const answer = await ask(port, { method, target, body: "x=1" });
        equal(answer.status, 405, method);
        equal(valueOf(answer.fields, "allow"), "GET, HEAD");
      }
    }
  }));

test("codings are negotiated with their weights", () =>
  withSite(async ({ ask }) => {
    const cases: [string | undefined, string | undefined][] = [
      [undefined, undefined],
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["br;q=0.1, gzip;q=0.2", "gzip"],
      ["br;q=0, gzip;q=0", undefined],
      ["*;q=0", undefined],
      ["identity", undefined],
      ["*", "br"],
    ];
    for (const [field, coding] of cases) {
      const fields: RawField[] = field === undefined ? [] : [["accept-encoding", field]];
      const answer = await ask(`/${HASHED}`, fields);
      equal(valueOf(answer.fields, "content-encoding"), coding, field);
      equal(valueOf(answer.fields, "vary"), "Accept-Encoding");
      const { body } = answer;
      const plain = coding === "br"
        ? zlib.brotliDecompressSync(body)
        : coding === "gzip"
        ? zlib.gunzipSync(body)
        : body;
      equal(plain.toString(), SCRIPT, field);
    }
    equal(valueOf((await ask("/favicon.ico")).fields, "vary"), undefined);
  }));

test("a file beyond 4 GiB has its length, and its ranges", () =>
  withSite(async ({ folder, reopen, ask, port }) => {
    const size = 5 * 1024 * MIB + 3;
    const handle = await open(folder.at("dist/huge.bin"), "w");
    await handle.truncate(size);
    await handle.write("over", 2 ** 32 - 2);
    await handle.write("end", size - 3);
    await handle.close();
    await reopen();
    const head = await ask("/huge.bin", [], "HEAD");
    equal(valueOf(head.fields, "content-length"), String(size));
    const cases: [string, string, string][] = [
      ["bytes=4294967294-4294967297", "4294967294-4294967297", "over"],
      [`bytes=${size - 3}-`, `${size - 3}-${size - 1}`, "end"],
      ["bytes=-3", `${size - 3}-${size - 1}`, "end"],
      [`bytes=${size - 1}-99999999999999999999`, `${size - 1}-${size - 1}`, "d"],
    ];
    for (const [range, named, text] of cases) {
      const answer = await ask("/huge.bin", [["range", range]]);
      equal(answer.status, 206, range);
      equal(valueOf(answer.fields, "content-range"), `bytes ${named}/${size}`);
      equal(answer.body.toString(), text);
    }
    equal((await ask("/huge.bin", [["range", `bytes=${size}-`]])).status, 416);
    // The whole of it, as far as anybody waits for it.
    const end = await openRaw(port);
    await end.write(renderRequest(port, { target: "/huge.bin" }));
    match(await end.until("\r\n\r\n") ?? "", new RegExp(`content-length: ${size}\r\n`, "i"));
    await end.take(3 * MIB);
    await end.reset();
  }));

/** A reader that takes the head and then waits, while the file is touched. */
async function whileSending(
  touch: (folder: Folder) => Promise<void>,
  see: (answer: { readonly isWhole: boolean; readonly text: string }) => void,
): Promise<void> {
  await withSite(async ({ folder, reopen, port }) => {
    await folder.write("dist/video.mp4", Buffer.alloc(64 * MIB, "o"));
    await reopen();
    const end = await openRaw(port);
    await end.write(renderRequest(port, { target: "/video.mp4" }));
    await end.until("\r\n\r\n");
    end.pause();
    await touch(folder);
    end.resume();
    const body = await end.take(64 * MIB);
    see({ isWhole: body.length === 64 * MIB, text: body.toString("latin1") });
    await end.close();
  }, { idleMs: 4000 });
}

// Bun notices only that nothing moves any more.
test("an answer breaks off when its file becomes shorter", () =>
  whileSending(
    (folder) => truncate(folder.at("dist/video.mp4"), 1000),
    ({ isWhole }) => equal(isWhole, false),
  ));

test("an answer comes to its end when another file takes its name", () =>
  whileSending(
    async (folder) => {
      await folder.write("dist/new.mp4", Buffer.alloc(MIB, "n"));
      await rename(folder.at("dist/new.mp4"), folder.at("dist/video.mp4"));
    },
    ({ isWhole, text }) => {
      equal(isWhole, true);
      equal(text.includes("n"), false);
    },
  ));

test("a link that is swapped under load shows one build, then the other", () =>
  inFolder({
    "releases/1/index.html": "one",
    "releases/1/assets/large-AaA1bB2c.txt": Buffer.alloc(300_000, "1"),
    "releases/2/index.html": "two",
    "releases/2/assets/large-AaA1bB2c.txt": Buffer.alloc(300_000, "2"),
  }, async (folder) => {
    await folder.link("dist", "releases/1");
    const { port, reopen, close } = await serveStatic({ dir: folder.at("dist"), prefix: "/" });
    const see = async (): Promise<string> => {
      const bodies = await Promise.all(
        ["/index.html", "/assets/large-AaA1bB2c.txt"].map((target) => ask(port, { target })),
      );
      for (const { status } of bodies) equal(status, 200);
      return bodies.map(({ body }) => body.toString().slice(0, 3)).join(" ");
    };
    equal(await see(), "one 111");
    let isSwapping = true;
    const swap = async (): Promise<void> => {
      for (let i = 0; isSwapping; i++) {
        await symlink(`releases/${i % 2 + 1}`, folder.at("dist.new"));
        await rename(folder.at("dist.new"), folder.at("dist"));
      }
    };
    const swapping = swap();
    for (let i = 0; i < 50; i++) equal(await see(), "one 111");
    isSwapping = false;
    await swapping;
    await folder.remove("dist");
    await folder.link("dist", "releases/2");
    await reopen();
    equal(await see(), "two 222");
    await close();
  }));

const GIVEN_UP = "requests that are given up leave no file open";
if (!hasProc) test.skip(GIVEN_UP, "there is no /proc to read from");
else {test(GIVEN_UP, () =>
    withSite(async ({ folder, reopen, port }) => {
      await truncate(folder.at("dist/favicon.ico"), 256 * MIB);
      await reopen();
      const openFiles = async (): Promise<number> => {
        const links = await Promise.all(
          (await readdir("/proc/self/fd")).map((fd) =>
            readlink(`/proc/self/fd/${fd}`).catch(() => "")
          ),
        );
        return links.filter((link) => link === folder.at("dist/favicon.ico")).length;
      };
      const ends = await Promise.all(Array.from({ length: 30 }, () => openRaw(port)));
      for (const end of ends) {
        await end.write(renderRequest(port, { target: "/favicon.ico" }));
        await end.take(100_000);
        end.pause();
      }
      ok(await openFiles() >= 30);
      for (const [at, end] of ends.entries()) await (at % 2 === 0 ? end.reset() : end.close());
      await eventually("no open file", async () => await openFiles() === 0);
    }));}

// --- memory

const READERS = 10;
const FILE_BYTES = 100 * 1024 * 1024;
const MAX_GROWTH_BYTES = 64 * MIB;

async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
}

/** Takes two files and counts their bytes. */
async function readTwice(port: number): Promise<number> {
  let received = 0;
  for (let i = 0; i < 2; i++) {
    const end = await openRaw(port);
    await end.write(renderRequest(port, { target: "/video.mp4" }));
    await end.until("\r\n\r\n");
    while (received < FILE_BYTES * (i + 1)) {
      const chunk = await end.some();
      if (chunk === undefined) break;
      received += chunk.length;
    }
    await end.close();
  }
  return received;
}

async function measureReaders(port: number, pid: number): Promise<number> {
  // The first requests make code that all share.
  for (let i = 0; i < 3; i++) await ask(port, { target: "/video.mp4", method: "HEAD" });
  const before = await residentBytes(pid);
  let peak = before;
  const timer = setInterval(async () => {
    peak = Math.max(peak, await residentBytes(pid).catch(() => 0));
  }, 20);
  const stalled = await openRaw(port);
  await stalled.write(renderRequest(port, { target: "/video.mp4" }));
  await stalled.until("\r\n\r\n");
  stalled.pause();
  const received = await Promise.all(
    Array.from({ length: READERS - 1 }, () => readTwice(port)),
  );
  clearInterval(timer);
  deepEqual(received, received.map(() => 2 * FILE_BYTES));
  equal(stalled.ending, undefined);
  await stalled.reset();
  return Math.max(peak, await residentBytes(pid)) - before;
}

const MEMORY = "2 GB in files of 100 MB to ten readers, one of them stalled, cost 64 MiB at most";
if (hasProc) {
  test(MEMORY, () =>
    inFolder({ "dist/video.mp4": "" }, async (folder) => {
      await truncate(folder.at("dist/video.mp4"), FILE_BYTES);
      const file = fileURLToPath(new URL("../fixtures/static_server.ts", import.meta.url));
      const run = runtimeName === "deno" ? ["run", "-A", file] : ["run", file];
      const child = spawn(process.execPath, [...run, folder.at("dist")], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const gone = once(child, "exit");
      const lines = createInterface({ input: child.stdout });
      try {
        const [line] = await once(lines, "line");
        const growth = await measureReaders(Number(line), child.pid ?? 0);
        ok(growth <= MAX_GROWTH_BYTES, `it grew by ${(growth / MIB).toFixed(0)} MiB`);
      } finally {
        lines.close();
        child.stdin.end();
        await gone;
      }
    }));
} else {
  test.skip(MEMORY, "there is no /proc to read from");
}

// --- nginx

/** What two servers of files must agree upon. */
interface Outcome {
  readonly status: number;
  readonly range: string | undefined;
  readonly coding: string | undefined;
  readonly vary: string | undefined;
  readonly body: string;
}

function outcomeOf({ status, fields, body }: RawResponse): Outcome {
  const isFile = status === 200 || status === 206;
  return {
    status,
    range: valueOf(fields, "content-range"),
    coding: valueOf(fields, "content-encoding"),
    // nginx leaves it out of what is no file, as we do.
    vary: isFile ? valueOf(fields, "vary") : undefined,
    body: isFile ? body.toString("latin1") : "",
  };
}

const DATE = "Tue, 14 Nov 2023 22:13:20 GMT";
const EARLIER = "Tue, 14 Nov 2023 22:13:19 GMT";

/** Where nginx does otherwise, it has its own test above. */
const COMPARED: readonly RawRequest[] = [
  ...["/index.html", "/favicon.ico", "/empty.txt", "/a%20b.txt", "/%C3%A4.txt", "/100%25.txt"],
  ...["/nope", "/favicon.ico/", "/%00", "/FAVICON.ICO", `/${HASHED}`, "/favicon.ico?x"],
].map((target): RawRequest => ({ target })).concat(
  ["0-0", "0-9", "5-", "-5", "-99999", "10-5", "99999-", "a-b", "-", "0-99999999"].map(
    (range) => ({ target: `/${HASHED}`, fields: [["range", `bytes=${range}`]] }),
  ),
  ([
    [["range", "bytes=-0"]],
    [["range", "lines=0-1"]],
    [["range", "bytes=0-1"], ["if-range", DATE]],
    [["range", "bytes=0-1"], ["if-range", EARLIER]],
    [["range", "bytes=0-1"], ["if-range", '"other"']],
    [["if-modified-since", DATE]],
    [["if-modified-since", EARLIER]],
    [["if-modified-since", "yesterday"]],
    [["if-unmodified-since", DATE]],
    [["if-unmodified-since", EARLIER]],
    [["if-none-match", '"other"']],
    [["if-none-match", "*"]],
    [["if-none-match", '"other"'], ["if-modified-since", DATE]],
    [["if-match", "*"]],
    [["if-match", '"other"']],
    [["accept-encoding", "gzip"]],
    [["accept-encoding", "gzip;q=0"]],
    [["accept-encoding", "gzip;q=0.5"]],
    [["accept-encoding", "deflate"]],
  ] as readonly RawField[][]).map((fields) => ({ target: `/${HASHED}`, fields })),
  ["POST", "PUT", "DELETE", "HEAD"].map((method) => ({ target: "/favicon.ico", method })),
);

/** How nginx answers otherwise, and why we do not follow. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "10-5": "RFC 9110 §14.1.1: what is no range is ignored",
  "a-b": "the same",
  "-": "the same",
};

const NGINX_AS_WE_ARE = "gzip_static on; gzip_vary on; if_modified_since before;";

nginxTest(
  "nginx answers the same, but for what is listed",
  () =>
    withSite(async ({ folder, reopen, port }) => {
      // nginx has no Brotli here, and both have to send the same dates.
      await folder.remove(`dist/${HASHED}.br`);
      for (const path of [HASHED, `${HASHED}.gz`, "favicon.ico"]) {
        await utimes(folder.at(`dist/${path}`), 1_700_000_000, 1_700_000_000);
      }
      await reopen();
      const server = `root ${folder.at("dist")};`;
      await withNginx(folder, { http: NGINX_AS_WE_ARE, server }, async (nginx) => {
        const differing = new Set<string>();
        for (const request of COMPARED) {
          const theirs = outcomeOf(await nginx.ask(request));
          const ours = outcomeOf(await ask(port, request));
          const range = valueOf(request.fields ?? [], "range")?.slice("bytes=".length) ?? "";
          if (range in OTHERWISE && theirs.status !== ours.status) differing.add(range);
          else deepEqual(ours, theirs, JSON.stringify(request));
        }
        deepEqual([...differing].sort(), Object.keys(OTHERWISE).sort());
      });
    }),
);
