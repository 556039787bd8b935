/** The program as a process: what it prints where, and how it ends. None of this gets as far as Vite. */
import { equal, match, ok } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, type Project } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";
import manifest from "../../deno.json" with { type: "json" };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<Ended> {
  const program = startSidecar(args, options);
  const { code } = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

async function withProject(
  files: Readonly<Record<string, string>>,
  use: (project: Project) => Promise<void>,
): Promise<void> {
  const project = await createProject("cli", files);
  try {
    await use(project);
  } finally {
    await project.remove();
  }
}

test("--version prints the version alone", async () => {
  const { code, stdout, stderr } = await run(["--version"]);
  equal(stdout, `${manifest.version}\n`);
  equal(stderr, "");
  equal(code, 0);
});

test("--help prints on standard output", async () => {
  const program = await run(["--help"]);
  match(program.stdout, /Commands\n {2}dev /);
  equal(program.code, 0);
  const dev = await run(["dev", "--help"]);
  match(dev.stdout, /--backend-command COMMAND/);
  equal(dev.code, 0);
});

test("wrong usage ends with 2, tells everything and the next command", async () => {
  const { code, stdout, stderr } = await run(["dev", "--prot", "80", "--open=x"]);
  equal(code, 2);
  equal(stdout, "");
  match(
    stderr,
    /^error: Cannot use "--prot" as a flag of "dev": it is not known, the nearest is "--port"$/m,
  );
  match(stderr, /^error: Cannot use "x" as the flag "--open"/m);
  match(stderr, /^ {2}next: .*mod\.ts dev --help$/m);
});

test("wrong options end with 2, from wherever they come", async () => {
  await withProject({ "sidecar.config.ts": "export default { mode: 3 };" }, async ({ root }) => {
    const env = { VITE_HOST: "0.0.0.0" };
    const { code, stderr } = await run(["dev", "--root", root, "--port", "99999"], { env });
    equal(code, 2);
    match(stderr, /"99999" as the flag "--port"/);
    match(
      stderr,
      /"0\.0\.0\.0" as the variable "VITE_HOST" \(option "host"\): other machines can reach it/,
    );
    match(stderr, /"3" as the option "mode" in ".*sidecar\.config\.ts"/);
    ok(!stderr.includes("    at "), stderr);
  });
});

test("a root that is not there ends with 2", async () => {
  const { code, stderr } = await run(["dev", "--root", "no/such/folder"]);
  equal(code, 2);
  match(stderr, /Cannot use ".*folder" as the root: there is no such folder/);
});

test("a broken configuration file ends with 1, and shows a stack on demand alone", async () => {
  await withProject({
    "sidecar.config.ts": 'throw new Error("no luck"); export default {};',
  }, async ({ root }) => {
    const { code, stderr } = await run(["dev", "--root", root]);
    equal(code, 1);
    match(
      stderr,
      /^error: Cannot load ".*" as the configuration: no luck\n {2}next: mend the file/,
    );
    ok(!stderr.includes("    at "), stderr);
    const verbose = await run(["dev", "--root", root, "--verbose"]);
    match(verbose.stderr, /caused by: no luck\n {4}at /);
  });
});

test("an entry that exports no app ends with 1", async () => {
  await withProject({ "server.ts": "export const x = 1;" }, async ({ root }) => {
    const { code, stderr } = await run(["dev", "--entry", "server.ts"], { cwd: root });
    equal(code, 1);
    match(stderr, /^error: Cannot use ".*server\.ts" as the entry: it exports x/);
  });
});

test("a busy port ends with 1 and names the port, and what to do", async () => {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    const { code, stderr } = await run(["dev", "--port", String(port)]);
    equal(code, 1);
    match(stderr, new RegExp(`^error: Cannot listen on 127\\.0\\.0\\.1 port ${port}: .*in use`));
    match(stderr, /next: .*--port 0/);
  } finally {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    await closed.promise;
  }
});

test("child refuses ports that are none", async () => {
  const { code, stderr } = await run(["child"], { env: { VITE_INTERNAL_PORT: "x" } });
  equal(code, 2);
  match(stderr, /"x" as the variable "VITE_INTERNAL_PORT"/);
});

// Nothing above the system's own folders has a node_modules with Vite in it.
test("a project without Vite ends with 2 and the command that installs it", async () => {
  const root = await mkdtemp(join(tmpdir(), "no-vite-"));
  try {
    const none = await run(["dev", "--root", root, "--port", "0", "--json"]);
    equal(none.code, 2);
    equal(none.stdout, "");
    match(none.stderr, /there is no package\.json/);
    await writeFile(join(root, "package.json"), '{"devDependencies":{"vite":"^8"}}');
    const listed = await run(["dev", "--root", root, "--port", "0"]);
    equal(listed.code, 2);
    match(listed.stderr, /npm install/);
    ok(!listed.stderr.includes("    at "), listed.stderr);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("a runtime for Vite that is not there ends with 2", async () => {
  await withProject({ "package.json": "{}" }, async ({ root }) => {
    const executor = runtimeName === "deno" ? "bun" : "deno";
    const args = ["dev", "--root", root, "--port", "0", "--executor", executor];
    const { code, stderr } = await run(args, { env: { PATH: "/nowhere" } });
    equal(code, 2);
    match(stderr, new RegExp(`Cannot run Vite under "${executor}": it is not on the PATH`));
  });
});
