import { Buffer } from "node:buffer";
import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { utimes } from "node:fs/promises";
import {
  openStaticFiles,
  type StaticFiles,
  type StaticFilesOptions,
} from "../../sidecar/assets.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { BUILD_RECORD_PATH, renderBuildRecord } from "../../sidecar/build_record.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const HASHED = "assets/index-BxC_12a4.js";
const LARGE = Buffer.alloc(300_000, "0123456789");
const FILES = {
  [`dist/${HASHED}`]: "export {};\n",
  [`dist/${HASHED}.br`]: "br",
  "dist/favicon.ico": "icon",
  "dist/empty.txt": "",
  "dist/index.html": "<p>",
  "dist/index.html.gz": "gz",
  "dist/hot": "http://127.0.0.1:5173",
  "dist/assets/large-BxC_12a5.mp4": LARGE,
  "dist/video.mp4": LARGE,
};

const runtime = currentRuntime();

interface Scene {
  readonly folder: Folder;
  readonly files: StaticFiles;
  readonly warnings: string[];
  /** Asks as a listener would; `undefined` if the path is not ours. */
  ask(
    path: string,
    headers?: Record<string, string>,
    method?: string,
  ): Promise<Response | undefined>;
  /** The status, and the body as text. */
  see(path: string, headers?: Record<string, string>, method?: string): Promise<string>;
}

function withFiles(
  run: (scene: Scene) => Promise<void>,
  options: Partial<StaticFilesOptions> = {},
): Promise<void> {
  return inFolder(FILES, async (folder) => {
    const warnings: string[] = [];
    const emit = (event: SidecarEvent): void => void warnings.push(JSON.stringify(event));
    const files = await openStaticFiles({
      dir: folder.at("dist"),
      prefix: "/static/",
      runtime,
      emit,
      ...options,
    });
    const ask: Scene["ask"] = async (path, headers = {}, method = "GET") =>
      await files.respond({ method, header: (name) => headers[name] ?? null }, path);
    const see: Scene["see"] = async (...request) => {
      const response = await ask(...request);
      return response === undefined ? "none" : `${response.status} ${await response.text()}`;
    };
    await run({ folder, files, warnings, ask, see });
    files.close();
  });
}

test("a hashed file may be kept for ever, the rest is asked for", () =>
  withFiles(async ({ ask, files }) => {
    const hashed = await ask(`/static/${HASHED}`);
    equal(await hashed?.text(), "export {};\n");
    equal(hashed?.headers.get("cache-control"), "public, max-age=31536000, immutable");
    equal(hashed?.headers.get("content-type"), "text/javascript; charset=utf-8");
    equal(hashed?.headers.get("content-length"), "11");
    const plain = await ask("/static/favicon.ico");
    equal(await plain?.text(), "icon");
    equal(plain?.headers.get("cache-control"), "no-cache");
    equal(files.size, 9);
  }));

test("the same file can be had again and again", () =>
  withFiles(async ({ see }) => {
    for (let i = 0; i < 3; i++) equal(await see(`/static/${HASHED}`), "200 export {};\n");
  }));

test("what is not in the map is none of ours", () =>
  withFiles(async ({ see, files }) => {
    for (
      const path of [
        ...["/", "/static", "/static/", "/favicon.ico", "/static/nope.png", "/static/assets/"],
        ...["/static/%2e%2e/favicon.ico", "/static/.vite/manifest.json", "/static/favicon.ico/"],
        ...["/static/favicon.ico%00", "/static/%zz", "/static/assets%2findex-BxC_12a4.js"],
      ]
    ) {
      equal(await see(path), "none", path);
      equal(files.has(path), false, path);
    }
  }));

test("an escaped path is decoded once", () =>
  withFiles(async ({ see, files }) => {
    equal(await see("/static/fav%69con.ico"), "200 icon");
    equal(files.has("/static/fav%69con.ico"), true);
    equal(await see("/static/fav%2569con.ico"), "none");
  }));

test("a lost hashed file is a 404 that nobody keeps", () =>
  withFiles(async ({ ask, files }) => {
    const path = "/static/assets/index-OldOld12.js";
    equal(files.has(path), true);
    const response = await ask(path);
    equal(response?.status, 404);
    equal(response?.headers.get("cache-control"), "no-store");
    equal(response?.headers.get("content-type"), "text/plain; charset=utf-8");
    equal((await ask(path, {}, "POST"))?.status, 404);
  }));

test("what is left out is none of ours", () =>
  withFiles(async ({ see }) => {
    equal(await see("/static/hot"), "none");
    equal(await see("/static/index.html"), "none");
    equal(await see("/static/index.html.gz"), "none");
    equal(await see("/static/favicon.ico"), "200 icon");
  }, { leaveOut: ["hot", "index.html"] }));

test("other methods get 405 and the ones that there are", () =>
  withFiles(async ({ ask }) => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
      const response = await ask(`/static/${HASHED}`, {}, method);
      equal(response?.status, 405, method);
      equal(response?.headers.get("allow"), "GET, HEAD");
    }
  }));

test("a coding is sent to who wants it, with a validator of its own", () =>
  withFiles(async ({ ask, see }) => {
    const path = `/static/${HASHED}`;
    const plain = await ask(path);
    const coded = await ask(path, { "accept-encoding": "gzip, br" });
    equal(coded?.headers.get("content-encoding"), "br");
    equal(coded?.headers.get("content-type"), plain?.headers.get("content-type"));
    equal(plain?.headers.get("content-encoding"), null);
    for (const response of [plain, coded]) {
      equal(response?.headers.get("vary"), "Accept-Encoding");
    }
    notEqual(coded?.headers.get("etag"), plain?.headers.get("etag"));
    const etag = coded?.headers.get("etag") ?? "";
    equal(await see(path, { "accept-encoding": "br", "if-none-match": etag }), "304 ");
    equal(await see(path, { "if-none-match": etag }), "200 export {};\n");
    equal(await see(path, { "accept-encoding": "br;q=0" }), "200 export {};\n");
    equal((await ask("/static/favicon.ico"))?.headers.get("vary"), null);
    // Its own name gives the bytes as they are.
    equal((await ask(`${path}.br`))?.headers.get("content-encoding"), null);
  }));

for (const [where, options] of [["memory", {}], ["disk", { maxMemoryBytes: 0 }]] as const) {
  test(`conditions and ranges hold for a file from ${where}`, () =>
    withFiles(async ({ ask, see }) => {
      for (const path of [`/static/${HASHED}`, "/static/favicon.ico"]) {
        const whole = await ask(path);
        const text = await whole?.text() ?? "";
        const etag = whole?.headers.get("etag") ?? "";
        const modified = whole?.headers.get("last-modified") ?? "";
        match(etag, /^"[^"]+"$/);
        equal(await see(path, { "if-none-match": `W/${etag}` }), "304 ");
        equal(await see(path, { "if-modified-since": modified }), "304 ");
        equal(await see(path, { "if-match": '"other"' }), "412 Precondition Failed\n");
        equal(await see(path, { "range": "bytes=1-2" }), `206 ${text.slice(1, 3)}`);
        equal(await see(path, { "range": "bytes=-1" }), `206 ${text.slice(-1)}`);
        equal(await see(path, { "range": "bytes=1-2", "if-range": '"other"' }), `200 ${text}`);
        equal(await see(path, { "range": "bytes=0-0,2-2" }), `200 ${text}`);
        const part = await ask(path, { "range": "bytes=1-2" });
        equal(part?.headers.get("content-range"), `bytes 1-2/${text.length}`);
        equal(part?.headers.get("content-length"), "2");
        equal(part?.headers.get("etag"), etag);
        await part?.body?.cancel();
        const none = await ask(path, { "range": "bytes=99999-" });
        equal(none?.status, 416);
        equal(none?.headers.get("content-range"), `bytes */${text.length}`);
        equal(none?.headers.get("cache-control"), "no-store");
        const unchanged = await ask(path, { "if-none-match": etag });
        equal(unchanged?.headers.get("etag"), etag);
        notEqual(unchanged?.headers.get("cache-control"), null);
        equal(unchanged?.headers.get("content-type"), null);
      }
    }, options));

  test(`an empty file from ${where} is sent`, () =>
    withFiles(async ({ ask, see }) => {
      equal(await see("/static/empty.txt"), "200 ");
      equal((await ask("/static/empty.txt"))?.headers.get("content-length"), "0");
      equal(await see("/static/empty.txt", { range: "bytes=0-" }), "200 ");
    }, options));
}

test("a large file is streamed, with the same fields", () =>
  withFiles(async ({ ask, see }) => {
    const path = "/static/assets/large-BxC_12a5.mp4";
    const text = LARGE.toString("latin1");
    const head = await ask(path, {}, "HEAD");
    equal(head?.status, 200);
    equal(head?.headers.get("content-length"), "300000");
    equal(head?.body, null);
    equal(head?.headers.get("cache-control"), "public, max-age=31536000, immutable");
    equal(await see(path), `200 ${text}`);
    equal(await see(path, { range: "bytes=299998-" }), `206 ${text.slice(-2)}`);
  }));

test("a large file that was written anew has another validator, and its new length", () =>
  withFiles(async ({ folder, ask, see }) => {
    const old = await ask("/static/video.mp4", {}, "HEAD");
    const etag = old?.headers.get("etag") ?? "";
    await folder.write("dist/video.mp4", "short");
    equal(await see("/static/video.mp4", { "if-none-match": etag }), "200 short");
    await utimes(folder.at("dist/video.mp4"), 1_800_000_000, 1_800_000_000);
    const changed = await ask("/static/video.mp4", {}, "HEAD");
    equal(changed?.headers.get("last-modified"), "Fri, 15 Jan 2027 08:00:00 GMT");
  }));

test("a small file stays as it was at start, whatever a build does to the directory", () =>
  withFiles(async ({ folder, see }) => {
    await folder.remove("dist");
    equal(await see(`/static/${HASHED}`), "200 export {};\n");
    equal(await see("/static/favicon.ico"), "200 icon");
  }));

test("a large file that is gone, or no file any more, is a 404 and a warning", () =>
  withFiles(async ({ folder, see, warnings }) => {
    await folder.remove("dist/video.mp4");
    equal(await see("/static/video.mp4"), "404 Not Found\n");
    folder.pipe("dist/video.mp4");
    equal(await see("/static/video.mp4"), "404 Not Found\n");
    await folder.remove("dist/video.mp4");
    await folder.link("dist/video.mp4", "/etc/passwd");
    equal(await see("/static/video.mp4"), "404 Not Found\n");
    equal(warnings.length, 3);
    match(warnings[0] ?? "", /Cannot serve \\"video.mp4\\" from the bundle directory/);
  }));

test("a file that can't be opened now is a 503", () =>
  withFiles(async ({ ask }) => {
    const response = await ask("/static/video.mp4");
    equal(response?.status, 503);
    equal(response?.headers.get("retry-after"), "1");
    equal(response?.headers.get("cache-control"), "no-store");
  }, {
    runtime: {
      openFileBody: () => Promise.reject(Object.assign(new Error("too many"), { code: "EMFILE" })),
    },
  }));

test("what a build of ours recorded counts as hashed", () =>
  inFolder(FILES, async (folder) => {
    const path = "assets/intro-abc12DEF.js";
    await folder.write(`dist/${path}`, "x");
    const cacheControl = async (options: Partial<StaticFilesOptions> = {}) => {
      const files = await openStaticFiles({
        dir: folder.at("dist"),
        prefix: "/",
        runtime,
        emit: () => {},
        ...options,
      });
      const response = await files.respond({ method: "GET", header: () => null }, `/${path}`);
      return response?.headers.get("cache-control");
    };
    equal(await cacheControl(), "no-cache");
    match(await cacheControl({ listed: [path] }) ?? "", /immutable/);
    await folder.write(
      `dist/${BUILD_RECORD_PATH}`,
      renderBuildRecord({ builds: [{ files: [path] }] }),
    );
    match(await cacheControl() ?? "", /immutable/);
  }));

test("openStaticFiles() warns of what it leaves out", () =>
  inFolder(FILES, async (folder) => {
    await folder.link("dist/out", "/etc/passwd");
    const events: SidecarEvent[] = [];
    const files = await openStaticFiles({
      dir: folder.at("dist"),
      prefix: "/",
      runtime,
      emit: (event) => events.push(event),
    });
    equal(files.has("/out"), false);
    deepEqual(events, [{
      kind: "warning",
      message: 'Cannot serve "out" from the bundle directory: it is a link to what is not served',
    }]);
  }));

test("openStaticFiles() refuses a prefix without slashes, and a directory that is not there", async () => {
  const emit = (): void => {};
  await rejects(openStaticFiles({ dir: "/", prefix: "/static", runtime, emit }), TypeError);
  await rejects(openStaticFiles({ dir: "/nope", prefix: "/", runtime, emit }), /it does not exist/);
});
