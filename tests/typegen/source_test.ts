/** Every way in which a source can't be read: one sentence each. */
import { equal, rejects } from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readIfThere, readSource, type SourceLimits } from "../../typegen/source.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const limits = (root: string): SourceLimits => ({ root, timeoutMs: 5000, maxBytes: 1000 });

type Answer = (response: ServerResponse) => void;

/** Runs a test against a server that answers each path in its own way. */
async function withServer(
  answers: Readonly<Record<string, Answer>>,
  run: (origin: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    if (answer === undefined) response.writeHead(404).end("not here");
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on TCP, and so has an address of that kind.
  const { port } = server.address() as AddressInfo;
  try {
    await run(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const json = (text: string): Answer => (response) =>
  void response.setHeader("content-type", "application/json").end(text);

test("readSource() reads a file and a document of a server", async () => {
  await inFolder({ "api/openapi.json": "{}" }, async (folder) => {
    const file = await readSource(folder.at("api/openapi.json"), limits(folder.path));
    equal(file.name, "api/openapi.json");
    equal(file.text, "{}");
    await withServer({ "/openapi.json": json('{"a":"ü"}') }, async (origin) => {
      const { name, text } = await readSource(`${origin}/openapi.json`, limits(folder.path));
      equal(name, `${origin}/openapi.json`);
      equal(text, '{"a":"ü"}');
    });
  });
});

test("readSource() sends user and password of a URL, and shows neither", async () => {
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    authorization = request.headers.authorization;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // As above.
  const { port } = server.address() as AddressInfo;
  try {
    await rejects(
      readSource(`http://me:p%40ss@127.0.0.1:${port}/x`, limits("/")),
      { message: `Cannot read "http://127.0.0.1:${port}/x": the answer is 500` },
    );
    equal(authorization, `Basic ${btoa("me:p@ss")}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

const ANSWERS: readonly (readonly [string, Answer | undefined, RegExp])[] = [
  ["a page of HTML", (response) => {
    response.setHeader("content-type", "text/html; charset=utf-8").end("<!doctype html>");
  }, /: the answer is a page of HTML, not a document$/],
  ["404", undefined, /: the answer is 404$/],
  ["500", (response) => void response.writeHead(500).end(), /: the answer is 500$/],
  ["a body that is too large", json(" ".repeat(1001)), /: it has more than 1000 bytes$/],
  ["an answer that breaks off", (response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    setImmediate(() => response.destroy());
  }, /^Cannot read "http:\/\/127\.0\.0\.1:\d+\/x": \S/],
];

for (const [name, answer, why] of ANSWERS) {
  test(`readSource() says it of ${name}`, async () => {
    await withServer(answer === undefined ? {} : { "/x": answer }, async (origin) => {
      await rejects(readSource(`${origin}/x`, limits("/")), { name: "TypesError", message: why });
    });
  });
}

test("readSource() waits no longer than it is told", async () => {
  const begun: Answer = (response) => void response.writeHead(200).write("{");
  await withServer({ "/silent": () => {}, "/begun": begun }, async (origin) => {
    for (const path of ["silent", "begun"]) {
      await rejects(readSource(`${origin}/${path}`, { ...limits("/"), timeoutMs: 50 }), {
        message: `Cannot read "${origin}/${path}": there is no whole answer within 50 ms`,
      });
    }
  });
});

test("readSource() says that nothing listens, or that there is no such host", async () => {
  let origin = "";
  await withServer({}, (each) => Promise.resolve(void (origin = each)));
  await rejects(readSource(`${origin}/x`, limits("/")), {
    code: "unreachable",
    message: `Cannot read "${origin}/x": nothing listens there`,
  });
  await rejects(readSource("http://nowhere.invalid/x", limits("/")), { code: "unreachable" });
});

test("readSource() ends with its signal", async () => {
  await withServer({ "/silent": () => {} }, async (origin) => {
    const stop = new AbortController();
    const reading = readSource(`${origin}/silent`, limits("/"), stop.signal);
    stop.abort(new Error("enough"));
    await rejects(reading, { message: "enough" });
  });
});

const FILES: readonly (readonly [string, (folder: Folder) => Promise<void> | void, RegExp])[] = [
  ["no file", () => {}, /^Cannot read "x": there is no such file$/],
  ["a folder", (folder) => folder.write("x/y", ""), /: it is a folder$/],
  ["a pipe", (folder) => folder.pipe("x"), /: it is no plain file$/],
  ["a link in a circle", (folder) => folder.link("x", "x"), /: its path goes through links/],
  [
    "a large file",
    (folder) => folder.write("x", " ".repeat(1001)),
    /: it has 1001 bytes, and 1000 are allowed$/,
  ],
];

for (const [name, prepare, why] of FILES) {
  test(`readSource() says it of ${name}`, async () => {
    await inFolder({}, async (folder) => {
      await prepare(folder);
      await rejects(readSource(folder.at("x"), limits(folder.path)), { message: why });
    });
  });
}

test("readIfThere() tells a file that is not there from one that can't be read", async () => {
  await inFolder({ "folder/x": "" }, async (folder) => {
    equal(await readIfThere(folder.at("nothing"), limits(folder.path)), undefined);
    equal(await readIfThere(folder.at("folder/x/y"), limits(folder.path)), undefined);
    await rejects(readIfThere(folder.at("folder"), limits(folder.path)), /it is a folder/);
  });
});
