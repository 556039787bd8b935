/**
 * Runs the program as a registry serves it: from a URL, with nothing of it on disk.
 *
 * What is served is what would be published. `jsr:` and `npm:` names are mapped to this server too, so the test needs
 * no network and no cache.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import process from "node:process";
import { createProject, repositoryRoot } from "./_support/project.ts";
import { publishedFiles } from "./_support/published_files.ts";
import { denoCommand, runDeno } from "./_support/runtimes.ts";
import { test } from "./_support/test.ts";

/** Packages as the import map of the registry would name them. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@std/path": "node_modules/deno-std/path/mod.js",
  "@std/http/status": "node_modules/deno-std/http/status.js",
  "js-yaml": "node_modules/js-yaml/dist/js-yaml.mjs",
  "zod": "node_modules/zod/index.js",
};

const TYPES: Readonly<Record<string, string>> = {
  ".ts": "text/typescript",
  ".js": "text/javascript",
  ".json": "application/json",
};

const PROJECT: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "served", "private": true, "type": "module" }',
  "index.html":
    '<!doctype html><title>Served</title><script type="module" src="/main.js"></script>',
  "main.js": 'document.title = "Served by Vite";',
};

interface Registry {
  readonly origin: string;
  /** Deno's arguments up to the program's own. */
  readonly run: readonly string[];
  readonly scratch: string;
  readonly asked: ReadonlySet<string>;
}

async function listen(server: Server): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  // A TCP server's address is never a text.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withRegistry(use: (registry: Registry) => Promise<void>): Promise<void> {
  const files = new Set(await publishedFiles());
  const asked = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://registry.test").pathname.slice(1);
    asked.add(path);
    if (!files.has(path) && !path.startsWith("node_modules/")) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(join(repositoryRoot, path));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
  });
  const origin = await listen(server);
  const scratch = await mkdtemp(join(tmpdir(), "lv-sidecar-registry-"));
  const imports = Object.entries(PACKAGES).map(([name, path]) => [name, `${origin}/${path}`]);
  const map = `data:application/json,${
    encodeURIComponent(JSON.stringify({ imports: Object.fromEntries(imports) }))
  }`;
  const run = ["run", "-A", "--no-config", "--no-lock", `--import-map=${map}`, `${origin}/mod.ts`];
  try {
    await use({ origin, run, scratch, asked });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A cache of its own: a URL with an ephemeral port is never asked for again. */
function environmentOf({ scratch }: Registry): Record<string, string> {
  return { DENO_DIR: join(scratch, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
}

test("the program tells its version when it is run from a URL", async () => {
  await withRegistry(async (registry) => {
    const { scratch: cwd, run, asked } = registry;
    const { stdout } = await runDeno([...run, "--version"], { cwd, env: environmentOf(registry) });
    const { version } = JSON.parse(await readFile(join(repositoryRoot, "deno.json"), "utf8")) as {
      version: string;
    };
    match(stdout, new RegExp(`\\b${version.replaceAll(".", "\\.")}\\b`));
    deepEqual([...asked].filter((path) => path === "mod.ts"), ["mod.ts"]);
  });
});

test("dev serves a Vite project when the program is run from a URL", async () => {
  const project = await createProject("served", PROJECT);
  try {
    await withRegistry(async (registry) => {
      const { run, scratch: cwd } = registry;
      const args = [...run, "dev", "--root", project.root, "--port", "0", "--json"];
      const child = spawn(denoCommand, args, {
        cwd,
        env: { ...process.env, ...environmentOf(registry) },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      let errors = "";
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => errors += chunk);
      try {
        const line = await firstLine(child.stdout, () => errors);
        const { url } = JSON.parse(line) as { url: string };
        equal((await textOf(url)).includes("/@vite/client"), true);
        equal((await textOf(`${url}main.js`)).includes("Served by Vite"), true);
      } finally {
        child.kill("SIGTERM");
        await ended;
      }
    });
  } finally {
    await project.remove();
  }
});

test("generate-types loads an app's module when the program is run from a URL", async () => {
  const project = await createProject("served", {
    "package.json": '{ "type": "module" }',
    "server.ts":
      'import { Hono } from "hono"; export default new Hono().get("/served", (c) => c.text(""));',
  });
  try {
    await withRegistry(async (registry) => {
      const args = [...registry.run, "generate-types", "--entry", "server.ts"];
      await runDeno(args, { cwd: project.root, env: environmentOf(registry) });
      match(await project.read("src/generated/routes.ts"), /"get \/served"/);
    });
  } finally {
    await project.remove();
  }
});

test("init makes a project when the program is run from a URL", async () => {
  await withRegistry(async (registry) => {
    const { run, scratch: cwd } = registry;
    const flags = ["--template", "svelte-inertia", "--backend", "litestar", "--no-install"];
    const args = [...run, "init", "made", ...flags, "--no-git", "--no-interactive"];
    await runDeno(args, { cwd, env: environmentOf(registry) });
    const read = (path: string): Promise<string> => readFile(join(cwd, "made", path), "utf8");
    match(await read("src/pages/Home.svelte"), /<h1>made<\/h1>/);
    match(await read("app.py"), /"Home"/);
    match(
      await read("package.json"),
      /"dev": "deno run -A http:\/\/127\.0\.0\.1:\d+\/mod\.ts dev"/,
    );
  });
});

async function firstLine(stream: NodeJS.ReadableStream, errors: () => string): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    text += chunk;
    const end = text.indexOf("\n");
    if (end !== -1) return text.slice(0, end);
  }
  throw new Error(`Cannot start the program: it ended\n${errors()}`);
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  equal(response.status, 200);
  return await response.text();
}
