/** `dev` with types: an edit on the server reaches the generated file, and the browsers, within 2 s. */
import { deepEqual, match, ok } from "node:assert/strict";
import { eventually } from "../_support/eventually.ts";
import { type SidecarProcess, startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";
import {
  honoApp,
  inTypesProject,
  openapiJson,
  type TypesProject,
  withDocumentServer,
} from "../typegen/_support/types_project.ts";

const FRONT = {
  "index.html": '<h1>hello</h1><script type="module" src="/main.js"></script>',
  "main.js": "console.log(1);",
};
const FAST_MS = 2000;

interface Dev {
  readonly project: TypesProject;
  readonly program: SidecarProcess;
  readonly url: string;
  /** Messages that Vite sent to a browser. */
  readonly messages: readonly BrowserMessage[];
}

interface BrowserMessage {
  readonly type: string;
  readonly event?: string;
  readonly data?: unknown;
}

/** Runs `dev` with a browser's socket to Vite. */
async function withDev(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  use: (dev: Dev) => Promise<void>,
): Promise<void> {
  await inTypesProject({ ...FRONT, ...files }, async (project) => {
    const program = startSidecar(["dev", "--port", "0", "--json", ...args], { cwd: project.root });
    try {
      const { url } = await program.ready();
      const client = await (await fetch(`${url}@vite/client`)).text();
      const [, token = ""] = /wsToken = "([^"]+)"/.exec(client) ?? [];
      const socket = new WebSocket(`${url.replace("http", "ws")}?token=${token}`, "vite-hmr");
      const messages: BrowserMessage[] = [];
      socket.onmessage = ({ data }) => void messages.push(JSON.parse(data));
      await eventually("the socket", () => messages.length > 0);
      try {
        await use({ project, program, url, messages });
      } finally {
        await new Promise((resolve) => {
          socket.onclose = resolve;
          socket.close();
        });
      }
    } catch (cause) {
      throw new Error(`${cause}\n${program.stderr()}`, { cause });
    } finally {
      await program.stop();
    }
  });
}

const eventsOf = ({ messages }: Dev): readonly BrowserMessage[] =>
  messages.filter(({ event }) => event === "lv:types-updated");

/** Waits until the file has a text and the browser has heard of it. */
async function sees(dev: Dev, text: string, since: number): Promise<void> {
  const startedMs = performance.now();
  await eventually(
    `"${text}" in the file, and the event`,
    async () =>
      eventsOf(dev).length > since &&
      (await dev.project.read("src/generated/routes.ts")).includes(text),
  );
  const tookMs = performance.now() - startedMs;
  ok(tookMs < FAST_MS, `${tookMs} ms`);
}

test("dev: an edit of the app's routes reaches the file and the browser within 2 s", async () => {
  const files = {
    "sidecar.config.ts": "export default { types: true };",
    "server.ts": 'export { default } from "./routes/app.ts";',
    "routes/app.ts": honoApp("/one"),
  };
  await withDev(files, ["--entry", "server.ts"], async (dev) => {
    const { project, program } = dev;
    match(await project.read("src/generated/routes.ts"), /\/one/);
    for (const [since, name] of ["/two", "/three"].entries()) {
      await project.write("routes/app.ts", honoApp(name));
      await sees(dev, name, since);
    }
    const expected = { output: "src/generated", files: ["routes.ts"] };
    deepEqual(eventsOf(dev).map(({ data }) => data), [expected, expected]);
    await project.write("routes/app.ts", "export const = 1;");
    await eventually("the error", () => /types {3}Cannot load "server\.ts"/.test(program.stderr()));
    match(await project.read("src/generated/routes.ts"), /\/three/);
    await project.write("routes/app.ts", honoApp("/four"));
    await sees(dev, "/four", 2);
  });
});

test("dev: an edit of the backend's document reaches the file and the browser within 2 s", async () => {
  await withDocumentServer(openapiJson("one"), async (server) => {
    const files = { "sidecar.config.ts": "export default { types: true };" };
    await withDev(files, ["--backend", server.origin], async (dev) => {
      match(await dev.project.read("src/generated/routes.ts"), /"one"/);
      server.document = openapiJson("two");
      await sees(dev, '"two"', 0);
    });
  });
});

test("dev: a backend that we start is waited for, and its command writes the sources", async () => {
  const files = {
    "sidecar.config.ts":
      'export default { types: { watch: "names.txt", command: "node export.mjs" } };',
    "names.txt": "one",
    "export.mjs": `import { readFileSync, writeFileSync } from "node:fs";
const name = readFileSync("names.txt", "utf8");
writeFileSync("routes.json", JSON.stringify({ routes: { [name]: { uri: "/" + name, methods: ["GET"] } } }));`,
    "backend.mjs": `import { createServer } from "node:http";
setTimeout(() => createServer((request, response) => response.writeHead(404).end())
  .listen(Number(process.argv[2]), "127.0.0.1"), 300);`,
  };
  const args = ["--backend-command", "node backend.mjs {port}"];
  await withDev(files, args, async (dev) => {
    const { project, program } = dev;
    await eventually(
      "the types",
      async () => (await project.read("src/generated/routes.ts")).includes('"one"'),
    );
    ok(!/types {3}Cannot/.test(program.stderr()), program.stderr());
    await project.write("names.txt", "two");
    await sees(dev, '"two"', eventsOf(dev).length);
  });
});

test("dev: without the option nothing is generated", async () => {
  const files = { "server.ts": honoApp("/one") };
  await withDev(files, ["--entry", "server.ts"], async ({ project }) => {
    await project.read("src/generated/routes.ts").then(
      () => ok(false, "there are types"),
      () => {},
    );
  });
});
