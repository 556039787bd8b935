/** `child` with a real Vite: its line, its ports, and its end. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { findFreePort } from "../../sidecar/backend_process.ts";
import { eventually } from "../_support/eventually.ts";
import { createProject, repositoryRoot } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

const FILES = {
  "package.json": '{"type":"module"}',
  "index.html": '<script type="module" src="/main.js"></script>',
  "main.js": "console.log(1);",
};

interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
}

function startChild(root: string, env: Readonly<Record<string, string>> = {}): Child {
  const run = runtimeName === "deno" ? ["run", "-A"] : ["run"];
  const args = [...run, join(repositoryRoot, "mod.ts"), "child", "--root", root];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => text += chunk);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("close", resolve);
  return { process: child, ended: promise, stdout: () => text };
}

async function lineOf(child: Child): Promise<{ port: number; ready: boolean }> {
  const text = await eventually("a line", () => {
    const text = child.stdout();
    return text.includes("\n") ? text : undefined;
  }, { withinMs: 30_000 });
  match(text, /^\{"port":\d+,"ready":true\}\n$/);
  return JSON.parse(text);
}

function childTest(
  name: string,
  use: (root: string) => Promise<void>,
  files: Readonly<Record<string, string>> = FILES,
): void {
  test(name, async () => {
    const project = await createProject("child", files);
    try {
      await use(project.root);
    } finally {
      await project.remove();
    }
  });
}

async function isUp(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/main.js`).then(
    async (response) => (await response.text()).includes("console.log(1)"),
    () => false,
  );
}

childTest("child prints one line, serves, and ends with its standard input", async (root) => {
  const child = startChild(root);
  const { port } = await lineOf(child);
  ok(await isUp(port));
  child.process.stdin?.end();
  equal(await child.ended, 0);
  ok(!await isUp(port));
  equal(child.stdout().split("\n").length, 2);
});

childTest("child takes the ports of its environment", async (root) => {
  const internal = await findFreePort();
  const child = startChild(root, {
    VITE_INTERNAL_PORT: String(internal),
    VITE_CLIENT_PORT: "8123",
    VITE_PORT: "not looked at",
  });
  deepEqual(await lineOf(child), { port: internal, ready: true });
  const client = await (await fetch(`http://127.0.0.1:${internal}/@vite/client`)).text();
  match(client, /8123/);
  // Not child.process.kill(): Deno's then reports the signal, whatever the process makes of it.
  process.kill(child.process.pid ?? 0, "SIGTERM");
  equal(await child.ended, 0);
});

childTest(
  "child serves below the path of ASSET_URL, for the backend to tell what is Vite's",
  async (root) => {
    const child = startChild(root, { ASSET_URL: "https://cdn.test/lit" });
    const { port } = await lineOf(child);
    const answer = await fetch(`http://127.0.0.1:${port}/lit/main.js`);
    match(await answer.text(), /console\.log\(1\)/);
    child.process.stdin?.end();
    equal(await child.ended, 0);
  },
);

const BROKEN = { ...FILES, "vite.config.js": 'throw new Error("no luck")' };

childTest("child ends where Vite can't start, so that nobody waits for its line", async (root) => {
  const child = startChild(root);
  equal(await child.ended, 1);
  equal(child.stdout(), "");
}, BROKEN);
