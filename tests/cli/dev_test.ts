/** `dev` with a real Vite: what is printed where, and what survives what. */
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { eventually } from "../_support/eventually.ts";
import { hasProc, isRunning, processTree } from "../_support/listening.ts";
import { createProject, type Project } from "../_support/project.ts";
import { type SidecarProcess, startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

const FILES = {
  "package.json": '{"type":"module"}',
  "index.html": '<h1>hello</h1><script type="module" src="/main.js"></script>',
  "main.js": "console.log(1);",
};

/** A backend in plain JavaScript; it runs under Node, which the tests need anyway. */
const BACKEND = `
import { createServer } from "node:http";
createServer((request, response) => response.end("backend " + process.env.PORT))
  .listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
`;
const STUBBORN_BACKEND = `process.on("SIGTERM", () => {}); ${BACKEND}`;

interface Running {
  readonly project: Project;
  readonly program: SidecarProcess;
}

function devTest(
  name: string,
  { files = {}, args, env = {} }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  },
  use: (running: Running) => Promise<void>,
): void {
  test(name, async () => {
    const project = await createProject("dev", { ...FILES, ...files });
    const program = startSidecar(["dev", ...args], { cwd: project.root, env });
    try {
      await use({ project, program });
    } catch (cause) {
      throw new Error(`${cause}\n${program.stderr()}`, { cause });
    } finally {
      await program.stop().finally(project.remove);
    }
  });
}

async function textOf(url: string, accept = "*/*"): Promise<string> {
  return await (await fetch(url, { headers: { accept } })).text();
}

/** The URL in the banner, which also comes when the app does not answer. */
function urlOfBanner(program: SidecarProcess): Promise<string> {
  const url = (): string | undefined => /→ {5}(http:\S+)\n/.exec(program.stderr())?.[1];
  return eventually("the banner", url, { withinMs: 30_000 });
}

devTest("--json prints exactly one line, whatever the entry prints", {
  files: {
    "server.ts":
      'console.log("noise"); export default { fetch: () => { console.log("more"); return new Response("app"); } };',
  },
  args: ["--entry", "server.ts", "--port", "0", "--json"],
}, async ({ program }) => {
  const ready = await program.ready();
  equal(await textOf(`${ready.url}api/x`), "app");
  deepEqual(Object.keys(ready), ["ready", "url", "port", "vite"]);
  deepEqual(Object.keys(ready.vite), ["port", "version", "executor"]);
  equal(ready.url, `http://127.0.0.1:${ready.port}/`);
  await eventually("the entry's line", () => program.stderr().includes("more"));
  equal(program.stdout(), `${JSON.stringify(ready)}\n`);
});

devTest("without --json a banner tells what is behind the port", {
  args: ["--port", "0"],
}, async ({ program }) => {
  await eventually("the banner", () => /App {3}none/.test(program.stderr()), { withinMs: 30_000 });
  match(program.stderr(), /@lv\/sidecar \d\S* {2}ready in \d/);
  match(
    program.stderr(),
    /→ {5}http:\/\/127\.0\.0\.1:\d+\/\n {2}Vite {2}\d+\.\d+\.\d+ on (node|bun|deno)\n/,
  );
  equal(program.stdout(), "");
});

devTest("--quiet tells nothing but the banner where nothing is wrong", {
  args: ["--port", "0", "--quiet", "--json"],
}, async ({ program }) => {
  await program.ready();
  equal(program.stderr(), "");
});

devTest("--verbose tells every request", {
  args: ["--port", "0", "--verbose", "--json"],
}, async ({ program }) => {
  const { url } = await program.ready();
  await textOf(`${url}main.js`);
  await eventually("its line", () => / 200 GET \/main\.js \d+ ms\n/.test(program.stderr()));
});

devTest("options come from the file in the root, less those that are flags", {
  files: {
    "sidecar.config.ts":
      'export default ({ mode }) => ({ port: 1, logLevel: "quiet", mode: `${mode}-x` });',
    "main.js": "console.log(import.meta.env.MODE);",
  },
  args: ["--port", "0", "--mode", "staging", "--json"],
}, async ({ program }) => {
  const { port, url } = await program.ready();
  ok(port > 1);
  match(await textOf(`${url}main.js`), /"MODE": ?"staging"/);
  equal(program.stderr(), "");
});

devTest("a vite.config that throws is told with its cause, and mended while we run", {
  files: { "vite.config.js": 'throw new Error("no luck");' },
  args: ["--port", "0", "--json"],
}, async ({ project, program }) => {
  await eventually("the error", () => /Cannot start Vite: no luck/.test(program.stderr()), {
    withinMs: 30_000,
  });
  equal(program.stdout(), "");
  ok(!/node_modules/.test(program.stderr().replaceAll(project.root, "")), "there is a stack");
  await project.write("vite.config.js", "export default {};");
  const { url } = await program.ready();
  match(await textOf(url, "text/html"), /hello/);
});

devTest("a backend's command is waited for, and gets a port", {
  files: { "backend.mjs": BACKEND },
  args: ["--backend-command", "node backend.mjs {port}", "--port", "0", "--json"],
}, async ({ program }) => {
  const { url } = await program.ready();
  match(await textOf(`${url}api/x`), /^backend \d+$/);
  match(program.stderr(), /backend listening/);
});

devTest("a backend's command that ends at once is told, and Vite is served", {
  args: [
    "--backend-command",
    "node -e 'console.error(1 + 1); process.exit(7)'",
    "--port",
    "0",
  ],
}, async ({ program }) => {
  const url = await urlOfBanner(program);
  match(await textOf(`${url}main.js`), /console\.log/);
  match(program.stderr(), /backend 2\n/);
  match(program.stderr(), /backend The backend's command ended with code 7/);
});

devTest("a backend's command that does not exist is told, and Vite is served", {
  args: ["--backend-command", "no-such-program {port}", "--port", "0"],
}, async ({ program }) => {
  const url = await urlOfBanner(program);
  match(await textOf(`${url}main.js`), /console\.log/);
  match(program.stderr(), /Cannot start "no-such-program" as the backend's command/);
});

/** A server, and its port, on which it does not listen any more. */
async function createClosedServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_request, response) => response.end("up"));
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port ?? 0 : 0;
  await closeServer(server);
  return { server, port };
}

function closeServer(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeAllConnections();
  return closed.promise;
}

test("a backend that is not up is told, and not waited for", async () => {
  const { port } = await createClosedServer();
  const project = await createProject("dev", FILES);
  const program = startSidecar(
    ["dev", "--backend", `http://127.0.0.1:${port}`, "--port", "0"],
    { cwd: project.root },
  );
  try {
    await eventually("the banner", () => program.stderr().includes("(does not answer yet)"), {
      withinMs: 30_000,
    });
  } finally {
    await program.stop().finally(project.remove);
  }
});

test("a Vite that does not answer at --vite-url is told, with the next step", async () => {
  const { port } = await createClosedServer();
  const project = await createProject("dev", FILES);
  const program = startSidecar(
    ["dev", "--vite-url", `http://127.0.0.1:${port}`, "--port", "0"],
    { cwd: project.root },
  );
  try {
    await eventually("the line", () => {
      const told = / Vite does not answer at http:\S+\n {2}start it there, or leave out --vite-url/;
      return told.test(program.stderr());
    }, { withinMs: 30_000 });
  } finally {
    await program.stop().finally(project.remove);
  }
});

test("--json says that everything answers when the backend does, too", async () => {
  const { server, port } = await createClosedServer();
  const project = await createProject("dev", FILES);
  const program = startSidecar(
    ["dev", "--backend", `http://127.0.0.1:${port}`, "--port", "0", "--json"],
    { cwd: project.root },
  );
  try {
    await eventually("Vite", () => / is ready on /.test(program.stderr()), { withinMs: 30_000 });
    await eventually("that it is down", () => /Nothing answers at /.test(program.stderr()));
    const end = performance.now() + 600; // longer than the banner waits for it
    await eventually("a line too early, or none", () => {
      equal(program.stdout(), "");
      return performance.now() > end;
    });
    server.listen(port, "127.0.0.1");
    const { url } = await program.ready();
    equal(await textOf(`${url}api/x`), "up");
  } finally {
    await program.stop();
    await closeServer(server);
    await project.remove();
  }
});

if (!hasProc) test.skip("a program that is killed takes its backend along", "there is no /proc");
else {
  devTest("a program that is killed takes its backend along, even one that ignores SIGTERM", {
    files: { "backend.mjs": STUBBORN_BACKEND },
    args: ["--backend-command", "sh -c 'node backend.mjs {port} & wait'", "--port", "0", "--json"],
  }, async ({ program }) => {
    const { url } = await program.ready();
    await textOf(`${url}api/x`);
    const tree = await processTree(program.pid);
    // Vite; the watchdog, the shell and the backend.
    ok(tree.length >= 5, `${tree.length} processes`);
    program.kill("SIGKILL");
    await eventually("no process", async () => {
      const running = await Promise.all(tree.map(isRunning));
      return running.every((isThere) => !isThere);
    }, { withinMs: 4_000 });
  });

  // Bun.serve goes on after an error that nobody caught, as it would without us.
  const UNCAUGHT = runtimeName === "deno" ? "ends with what it started" : "ends nothing";
  devTest(`row 3: an error of the entry that nobody catches ${UNCAUGHT}`, {
    files: {
      "server.ts": `export default { fetch: () => {
        setTimeout(() => { throw new Error("too late"); });
        return new Response("app");
      } };`,
    },
    args: ["--entry", "server.ts", "--port", "0", "--json"],
  }, async ({ program }) => {
    const { url } = await program.ready();
    const tree = await processTree(program.pid);
    equal(await textOf(`${url}api/x`), "app");
    await eventually("its message", () => program.stderr().includes("too late"));
    if (runtimeName === "bun") return equal(await textOf(`${url}api/x`), "app");
    equal((await program.exited).code, 1);
    await eventually("no process", async () => {
      const running = await Promise.all(tree.map(isRunning));
      return running.every((isThere) => !isThere);
    }, { withinMs: 2_000 });
  });

  devTest("the second Ctrl-C ends at once what ignores the first one", {
    files: { "backend.mjs": STUBBORN_BACKEND },
    args: ["--backend-command", "node backend.mjs {port}", "--port", "0", "--json"],
  }, async ({ program }) => {
    await program.ready();
    const tree = await processTree(program.pid);
    program.kill("SIGINT");
    // Two signals at once would be one.
    await eventually("that it takes its time", () => /Ctrl-C again/.test(program.stderr()));
    const sent = performance.now();
    program.kill("SIGINT");
    await program.exited;
    ok(performance.now() - sent < 1_000);
    await eventually("no process", async () => {
      const running = await Promise.all(tree.map(isRunning));
      return running.every((isThere) => !isThere);
    }, { withinMs: 4_000 });
  });
}

devTest("row 18: a second program in the same project has a port and a Vite of its own", {
  args: ["--port", "0", "--json"],
}, async ({ project, program }) => {
  const first = await program.ready();
  const other = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
  try {
    const second = await other.ready();
    notEqual(second.port, first.port);
    notEqual(second.vite.port, first.vite.port);
    match(await textOf(second.url, "text/html"), /hello/);
  } finally {
    await other.stop();
  }
  match(await textOf(`${first.url}main.js`), /console\.log/);
});

devTest("--open goes on where there is nothing that opens a browser", {
  args: ["--port", "0", "--open"],
  // Neither has an xdg-open, nor a Node: Vite runs under what runs the program.
  env: { PATH: "/nowhere" },
}, async ({ program }) => {
  const url = await urlOfBanner(program);
  await eventually("the warning", () => /warning: Cannot open "http/.test(program.stderr()));
  match(await textOf(url, "text/html"), /hello/);
});

devTest("NODE_ENV=production is warned of", {
  args: ["--port", "0", "--json"],
  env: { NODE_ENV: "production" },
}, async ({ program }) => {
  await program.ready();
  match(program.stderr(), /^warning: The variable "NODE_ENV" is "production"/m);
});

const MODE_SERVER = {
  "server.ts": `const mode = process.env.NODE_ENV; // as libraries do, while they are loaded
export default { fetch: () => new Response(mode) };`,
};

for (const [given, found] of [["", "development"], ["test", "test"]] as const) {
  devTest(`an app in this process finds NODE_ENV "${found}", given "${given}"`, {
    files: MODE_SERVER,
    args: ["--entry", "server.ts", "--port", "0", "--json"],
    env: { NODE_ENV: given },
  }, async ({ program }) => {
    const { url } = await program.ready();
    equal(await textOf(`${url}api/mode`), found);
  });
}
