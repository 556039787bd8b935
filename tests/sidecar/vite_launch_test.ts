import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type LaunchOptions, prepareLaunch } from "../../sidecar/vite_launch.ts";
import { createProject, type Project } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

const runtime = { name: runtimeName, execPath: process.execPath };
const VITE = "node_modules/vite/package.json";
const vite8 = JSON.stringify({ version: "8.3.8", engines: { node: "^20.19.0 || >=22.12.0" } });

async function withProject(
  files: Readonly<Record<string, string>>,
  run: (
    prepare: (options?: Partial<LaunchOptions>) => ReturnType<typeof prepareLaunch>,
    project: Project,
  ) => Promise<void>,
): Promise<void> {
  const project = await createProject("launch", files);
  try {
    await run(
      (options) => prepareLaunch({ root: project.root, runtime, path: "", ...options }),
      project,
    );
  } finally {
    await project.remove();
  }
}

/** A program named `node` that says it has this version. */
async function pathWithNode(project: Project, version: string): Promise<string> {
  await project.write("bin/node", `#!/bin/sh\necho v${version}\n`);
  await chmod(join(project.root, "bin", "node"), 0o755);
  return join(project.root, "bin");
}

test("prepareLaunch() takes a node that Vite accepts, without being asked", async () => {
  await withProject({ [VITE]: vite8 }, async (prepare, project) => {
    const path = await pathWithNode(project, "22.12.0");
    const launch = await prepare({ path: `/nowhere:${path}` });
    equal(launch.executor, "node");
    equal(launch.command, join(path, "node"));
    equal(launch.viteVersion, "8.3.8");
    equal(launch.cwd, project.root);
  });
});

test("prepareLaunch() takes our own runtime where there is no node, or one too old", async () => {
  await withProject({ [VITE]: vite8 }, async (prepare, project) => {
    equal((await prepare()).executor, runtimeName);
    const path = await pathWithNode(project, "20.18.3");
    const launch = await prepare({ path });
    equal(launch.executor, runtimeName);
    equal(launch.command, process.execPath);
  });
});

test("prepareLaunch() refuses an old node that was asked for, and names the range", async () => {
  await withProject({ [VITE]: vite8 }, async (prepare, project) => {
    const path = await pathWithNode(project, "18.20.0");
    await rejects(prepare({ path, executor: "node" }), {
      name: "LaunchError",
      message: "Cannot run Vite under node 18.20.0: this Vite wants ^20.19.0 || >=22.12.0",
      hint: /--executor/,
    });
  });
});

test("row 15: prepareLaunch() says that a runtime is not on the PATH", async () => {
  await withProject({ [VITE]: vite8 }, async (prepare) => {
    const other = runtimeName === "deno" ? "bun" : "deno";
    for (const executor of ["node", other] as const) {
      await rejects(prepare({ executor }), {
        message: `Cannot run Vite under "${executor}": it is not on the PATH`,
        hint: new RegExp(`^install ${executor}`),
      });
    }
  });
});

test("row 15: prepareLaunch() says why there is no Vite", async () => {
  // The repository has a Vite: only outside of it there is none.
  const root = await mkdtemp(join(tmpdir(), "lv-sidecar-launch-"));
  const prepare = (): ReturnType<typeof prepareLaunch> =>
    prepareLaunch({ root, runtime, path: "" });
  const listed = '{"devDependencies":{"vite":"^8"}}';
  try {
    await rejects(prepare(), { message: /there is no package\.json$/, hint: /npm create vite/ });
    await writeFile(join(root, "package.json"), "{}");
    await rejects(prepare(), {
      message: /does not list it$/,
      hint: /npm install --save-dev vite$/,
    });
    await writeFile(join(root, "package.json"), listed);
    await rejects(prepare(), { message: /there is no node_modules$/, hint: /npm install$/ });
    await mkdir(join(root, "node_modules"));
    await rejects(prepare(), { message: /node_modules does not have it$/, hint: /npm install$/ });
  } finally {
    await rm(root, { recursive: true });
  }
  await rejects(prepare(), { message: /there is no such folder$/ });
});

test("prepareLaunch() refuses a Vite older than 6", async () => {
  await withProject({ [VITE]: '{"version":"5.4.21"}' }, async (prepare) => {
    await rejects(prepare(), {
      message: "Cannot run Vite 5.4.21: the oldest that works here is 6.0.0",
    });
  });
});

test("prepareLaunch() writes the runner beside Vite once, and nothing else", async () => {
  await withProject({ [VITE]: vite8, "app/index.html": "" }, async (prepare, project) => {
    const root = join(project.root, "app");
    const launches = await Promise.all([prepare({ root }), prepare({ root }), prepare({ root })]);
    const home = join(project.root, "node_modules", ".lv-sidecar");
    const names = (await readdir(home)).sort();
    match(names.join(" "), /^child-([0-9a-f]{16})\.mjs runner-\1\.mjs$/);
    const path = join(home, names[1] ?? "");
    for (const { args } of launches) equal(args.at(-1), path);
    const { mtimeMs } = await stat(path);
    await prepare({ root });
    equal((await stat(path)).mtimeMs, mtimeMs);
  });
});

test("prepareLaunch() replaces a runner that was tampered with", async () => {
  await withProject({ [VITE]: vite8 }, async (prepare, project) => {
    const [name = ""] = (await prepare()).args.slice(-1).map((path) =>
      path.split("/").at(-1) ?? ""
    );
    await project.write(`node_modules/.lv-sidecar/${name}`, "process.exit()");
    await prepare();
    ok((await project.read(`node_modules/.lv-sidecar/${name}`)).includes("createServer"));
    deepEqual((await readdir(join(project.root, "node_modules", ".lv-sidecar"))).sort(), [
      name.replace("runner", "child"),
      name,
    ]);
  });
});
