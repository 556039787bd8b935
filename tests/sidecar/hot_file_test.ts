import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { chmod, readdir, symlink } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import {
  findRunningVite,
  parseHotFile,
  probeVite,
  readHotFile,
  writeHotFile,
} from "../../sidecar/hot_file.ts";
import { createProject, type Project } from "../_support/project.ts";
import { test } from "../_support/test.ts";

async function withProject(
  files: Readonly<Record<string, string>>,
  run: (path: string, project: Project) => Promise<void>,
): Promise<void> {
  const project = await createProject("hot", files);
  try {
    await run(join(project.root, "public", "hot"), project);
  } finally {
    await project.remove();
  }
}

async function withServer(server: Server, run: (url: string) => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    // A TCP server that listens has an address with a port.
    await run(`http://127.0.0.1:${(address as { port: number }).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const answering = (type: string, status = 200): RequestListener => (_request, response) => {
  response.writeHead(status, { "content-type": type, connection: "close" });
  response.end("export {}");
};

async function reasonOf(path: string): Promise<string> {
  const found = await readHotFile(path);
  if (found.kind !== "ignored") throw new Error(`It is ${found.kind}`);
  return found.reason;
}

test("parseHotFile() takes URLs of this machine, without their last slash", () => {
  equal(parseHotFile("http://localhost:5173"), "http://localhost:5173");
  equal(parseHotFile(" https://app.localhost:5173/\n"), "https://app.localhost:5173");
  equal(parseHotFile("http://[::1]:5173/static/"), "http://[::1]:5173/static");
  equal(parseHotFile("http://127.0.0.1:5173"), "http://127.0.0.1:5173");
});

test("parseHotFile() refuses everything else", () => {
  const texts = [
    "",
    "5173",
    "ftp://localhost/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://evil.test:5173",
    "http://localhost.evil.test",
    "http://evillocalhost",
    "http://127.0.0.1@evil.test/",
    "http://user:pw@localhost:5173",
    "http://169.254.169.254/",
    "http://0.0.0.0:5173",
    "http://localhost:5173\nhttp://localhost:5174",
    "http://local\thost:5173",
    "http://localhost:99999",
    "http://localhost:5173/?x=1",
    "http://localhost:5173/#x",
    "\u0000http://localhost:5173",
  ];
  for (const text of texts) {
    throws(() => parseHotFile(text), SyntaxError, JSON.stringify(text));
  }
});

test("readHotFile() tells an absent file from one that it does not believe", async () => {
  await withProject({ "public/hot": "http://evil.test" }, async (path) => {
    match(await reasonOf(path), /^Cannot read "http:\/\/evil\.test" as a hot file: its host/);
    deepEqual(await readHotFile(`${path}-not`), { kind: "absent" });
    match(await reasonOf(join(path, "..")), /it is not a file/);
  });
});

test("row 19: readHotFile() believes no link, no long file, no file that everybody may write", async () => {
  await withProject({ "public/hot": "http://localhost:5173" }, async (path, project) => {
    deepEqual(await readHotFile(path), { kind: "found", url: "http://localhost:5173" });
    await symlink(path, `${path}-link`);
    match(await reasonOf(`${path}-link`), /it is a symbolic link/);
    await project.write("public/long", " ".repeat(2049));
    match(await reasonOf(join(project.root, "public", "long")), /longer than 2048 bytes/);
    await chmod(path, 0o666);
    match(await reasonOf(path), /every user of this machine may write it/);
  });
});

test("probeVite() wants 200 and JavaScript", async () => {
  const cases = [
    [answering("text/javascript"), true],
    [answering("application/javascript; charset=utf-8"), true],
    [answering("text/html"), false],
    [answering("text/javascript", 404), false],
  ] as const;
  for (const [listener, expected] of cases) {
    await withServer(createServer(listener), async (url) => {
      equal(await probeVite(url), expected);
    });
  }
});

test("probeVite() asks for the client below the base", async () => {
  let target: string | undefined;
  const server = createServer((request, response) => {
    target = request.url;
    answering("text/javascript")(request, response);
  });
  await withServer(server, async (url) => {
    equal(await probeVite(`${url}/static`), true);
    equal(target, "/static/@vite/client");
  });
});

test("probeVite() waits no longer than it is told for a port that is silent", async () => {
  const silent = createTcpServer((socket) => socket.on("error", () => {}).resume());
  await withServer(silent, async (url) => {
    const began = performance.now();
    equal(await probeVite(url, 100), false);
    ok(performance.now() - began < 2000);
  });
});

test("row 19: findRunningVite() ignores a hot file whose Vite is gone", async () => {
  let url = "";
  await withServer(createServer(answering("text/javascript")), async (running) => {
    url = running;
    await withProject({ "public/hot": url }, async (path) => {
      deepEqual(await findRunningVite(path), { kind: "found", url });
    });
  });
  await withProject({ "public/hot": url }, async (path) => {
    const found = await findRunningVite(path);
    equal(found.kind, "ignored");
  });
});

test("writeHotFile() makes the folder, leaves no other file, and removes its own", async () => {
  await withProject({}, async (path, project) => {
    const hot = await writeHotFile(path, "http://localhost:5173/");
    equal(await project.read("public/hot"), "http://localhost:5173");
    deepEqual(await readdir(join(project.root, "public")), ["hot"]);
    await hot.close();
    await hot.close();
    deepEqual(await readdir(join(project.root, "public")), []);
  });
});

test("writeHotFile() leaves a hot file alone that somebody else wrote since", async () => {
  await withProject({}, async (path, project) => {
    const first = await writeHotFile(path, "http://localhost:5173");
    const second = await writeHotFile(path, "http://localhost:5174");
    await first.close();
    equal(await project.read("public/hot"), "http://localhost:5174");
    await second.close();
    deepEqual(await readHotFile(path), { kind: "absent" });
  });
});
