/** `init` as it is typed: what it writes, what it refuses, and what is there after it was cut short. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { chmod, readdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { type Folder, inFolder } from "../_support/folder.ts";
import { eventually } from "../_support/eventually.ts";
import { type SidecarProcess, startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function endOf(program: SidecarProcess): Promise<Ending> {
  const { code } = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

function init(folder: Folder, args: readonly string[], env = {}): Promise<Ending> {
  return endOf(startSidecar(["init", ...args], { cwd: folder.path, env }));
}

const QUICK = ["--no-install", "--no-git", "--no-interactive"];

/** All that lies in a folder, folders with their slash. */
async function treeOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.map((entry) => {
    const place = join(entry.parentPath, entry.name).slice(path.length + 1);
    return entry.isDirectory() ? `${place}/` : place;
  }).sort();
}

/** A program that stands first on the PATH. */
async function standIn(folder: Folder, name: string, script: string): Promise<{ PATH: string }> {
  await folder.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(folder.at(`bin/${name}`), 0o755);
  return { PATH: `${folder.at("bin")}${delimiter}${process.env["PATH"] ?? ""}` };
}

test("init makes a project, says so on one screen, and leaves nothing beside it", async () => {
  await inFolder({}, async (folder) => {
    const { code, stdout, stderr } = await init(folder, ["my-app", "--template", "vue", ...QUICK]);
    equal(code, 0, stderr);
    equal(stdout, "");
    match(stderr, /^Made my-app: Vue, .* \d+ files\n/);
    match(stderr, /cd my-app\n {2}npm install\n {2}(?:deno task|bun run) dev\n/);
    ok(stderr.split("\n").length < 24);
    deepEqual(await readdir(folder.path), ["my-app"]);
    match(await folder.read("my-app/src/App.vue"), /<h1>my-app<\/h1>/);
  });
});

test("init takes the folder itself, and its name", async () => {
  await inFolder({ "Some Shop/.git/HEAD": "" }, async (folder) => {
    const cwd = folder.at("Some Shop");
    const { code } = await endOf(startSidecar(["init", ".", ...QUICK], { cwd }));
    equal(code, 0);
    match(await folder.read("Some Shop/package.json"), /"name": "some-shop"/);
  });
});

test("init begins a repository, unless there is one around it", async () => {
  await inFolder({}, async (folder) => {
    const once = ["--no-install", "--no-interactive"];
    equal((await init(folder, ["outer", ...once])).code, 0);
    ok((await readdir(folder.at("outer"))).includes(".git"));
    const cwd = folder.at("outer");
    equal((await endOf(startSidecar(["init", "inner", ...once], { cwd }))).code, 0);
    equal((await readdir(folder.at("outer/inner"))).includes(".git"), false);
  });
});

test("wrong usage ends with 2, tells all of it, and writes nothing", async () => {
  await inFolder({}, async (folder) => {
    const wrong = ["../x", "--template", "raect", "--backend", "dneo", "--port", "0"];
    const { code, stderr } = await init(folder, [...wrong, ...QUICK]);
    equal(code, 2);
    match(stderr, /Cannot use "\.\.\/x" as the name of a project: it is a path/);
    match(stderr, /Cannot use "raect" as the template: .*did you mean "react"/);
    match(stderr, /Cannot use "dneo" as the backend: .*did you mean "deno"/);
    match(stderr, /Cannot use "0" as the port/);
    match(stderr, /next: .* init --help\n$/);
    deepEqual(await readdir(folder.path), []);
  });
});

for (
  const [what, args, message] of [
    ["the name of a device", ["CON"], /"CON" as the name of a project: it is the name of a device/],
    ["two names", ["a", "b"], /Cannot use "b" as an argument of "init": it takes one name/],
    ["what excludes each other", ["a", "--template", "htmx", "--sdk"], /its pages ask no JSON API/],
  ] as const
) {
  test(`init refuses ${what}, and writes nothing`, async () => {
    await inFolder({}, async (folder) => {
      const { code, stderr } = await init(folder, [...args, ...QUICK]);
      equal(code, 2);
      match(stderr, message);
      deepEqual(await readdir(folder.path), []);
    });
  });
}

test("a folder that is not empty stays as it is", async () => {
  await inFolder({ "my-app/notes.txt": "mine" }, async (folder) => {
    const { code, stderr } = await init(folder, ["my-app", ...QUICK]);
    equal(code, 1);
    match(stderr, /it is not empty, there is notes\.txt\n {2}next: .*--overwrite/);
    deepEqual(await treeOf(folder.path), ["my-app/", "my-app/notes.txt"]);
  });
});

test("a file in the place of the folder stays as it is", async () => {
  await inFolder({ "my-app": "mine" }, async (folder) => {
    const { code, stderr } = await init(folder, ["my-app", ...QUICK, "--overwrite"]);
    equal(code, 1);
    match(stderr, /it is no folder/);
    equal(await folder.read("my-app"), "mine");
  });
});

test("--overwrite replaces what has the same name, and nothing else", async () => {
  const before = { "my-app/notes.txt": "mine", "my-app/package.json": "{ broken" };
  await inFolder(before, async (folder) => {
    const { code, stderr } = await init(folder, ["my-app", ...QUICK, "--overwrite"]);
    equal(code, 0, stderr);
    equal(await folder.read("my-app/notes.txt"), "mine");
    match(await folder.read("my-app/package.json"), /"name": "my-app"/);
    deepEqual(
      (await readdir(folder.at("my-app"))).filter((name) => name.startsWith(".my-app")),
      [],
    );
  });
});

test("--overwrite follows no link out of the folder, and takes back what it wrote", async () => {
  await inFolder({ "my-app/README.md": "mine", "elsewhere/App.tsx": "theirs" }, async (folder) => {
    await symlink(folder.at("elsewhere"), folder.at("my-app/src"));
    const { code, stderr } = await init(folder, ["my-app", ...QUICK, "--overwrite"]);
    equal(code, 1);
    match(stderr, /src" is no folder/);
    equal(await folder.read("my-app/README.md"), "mine");
    equal(await folder.read("elsewhere/App.tsx"), "theirs");
    deepEqual((await readdir(folder.at("my-app"))).sort(), ["README.md", "src"]);
  });
});

test("a Node too old for a template is refused where it was named, and else left alone", async () => {
  await inFolder({}, async (folder) => {
    const env = await standIn(folder, "node", "echo v20.20.2");
    const args = ["my-app", "--template", "astro", ...QUICK];
    const named = await init(folder, [...args, "--executor", "node"], env);
    equal(named.code, 2);
    match(named.stderr, /the template "astro" wants Node >=22\.12, this is 20\.20\.2/);
    deepEqual(await readdir(folder.path), ["bin"]);
    equal((await init(folder, args, env)).code, 0);
    match(await folder.read("my-app/sidecar.config.ts"), /executor: "(?:deno|bun)"/);
  });
});

test("a Node that is new enough is taken", async () => {
  await inFolder({}, async (folder) => {
    const env = await standIn(folder, "node", "echo v22.23.3");
    equal((await init(folder, ["my-app", "--template", "nuxt", ...QUICK], env)).code, 0);
    equal((await folder.read("my-app/sidecar.config.ts")).includes("executor"), false);
  });
});

test("--quiet says nothing where all is well", async () => {
  await inFolder({}, async (folder) => {
    const env = await standIn(folder, "npm", "exit 0");
    const args = ["my-app", "--quiet", "--no-git", "--no-interactive", "--executor", "node"];
    const { code, stdout, stderr } = await init(folder, args, env);
    deepEqual([code, stdout, stderr], [0, "", ""]);
  });
});

test("--dry-run shows the files and writes none", async () => {
  await inFolder({}, async (folder) => {
    const { code, stderr } = await init(folder, ["my-app", "--dry-run", "--no-interactive"]);
    equal(code, 0);
    match(stderr, /^Nothing is written\. It would be \d+ files in my-app:\n/);
    match(stderr, /src\/ .*main\.tsx/);
    ok(stderr.split("\n").length < 24);
    deepEqual(await readdir(folder.path), []);
  });
});

test("packages that can't be had are told, with what is left to do", async () => {
  await inFolder({}, async (folder) => {
    const env = await standIn(
      folder,
      "npm",
      "mkdir node_modules\necho 'npm error code ENOTFOUND' >&2\nexit 1",
    );
    const { code, stderr } = await init(folder, ["my-app", "--no-git", "--no-interactive"], env);
    equal(code, 1);
    match(stderr, /Cannot install packages by "npm install": their registry cannot be reached/);
    match(stderr, /Next\n {2}cd my-app\n {2}npm install\n/);
    const names = await readdir(folder.at("my-app"));
    ok(names.includes("package.json"));
    // Half a folder of packages looks like a whole one.
    equal(names.includes("node_modules"), false);
  });
});

test("a package manager that is not there is told", async () => {
  await inFolder({ "empty/x": "" }, async (folder) => {
    const env = { PATH: folder.at("empty") };
    const args = ["my-app", "--executor", "bun", "--no-git", "--no-interactive"];
    const { code, stderr } = await init(folder, args, env);
    equal(code, 1);
    match(stderr, /Cannot run "bun install": there is no bun on this machine/);
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("Ctrl-C while packages are installed ends all that was started, and 130 says so", async () => {
  await inFolder({}, async (folder) => {
    // npm starts others: they are to end, too.
    const script = `mkdir node_modules\nsleep 600 &\necho $! $$ > "${folder.at("pids")}"\nwait`;
    const env = await standIn(folder, "npm", script);
    const program = startSidecar(["init", "my-app", "--no-git", "--no-interactive"], {
      cwd: folder.path,
      env,
    });
    const pids = await eventually("a package manager at work", async () => {
      const words = (await folder.read("pids")).trim().split(" ").map(Number);
      return words.length === 2 && words;
    });
    program.kill("SIGINT");
    equal((await program.exited).code, 130);
    await eventually("the end of what it started", () => !pids.some(isAlive));
    const names = await readdir(folder.at("my-app"));
    equal(names.includes("node_modules"), false);
    ok(names.includes("package.json"), "what was written whole stays");
  });
});

test("install runs the package manager that wrote the lock file", async () => {
  for (
    const [lock, manager, task, words] of [
      ["package-lock.json", "npm", "install", "install"],
      ["bun.lock", "bun", "install", "install"],
      ["pnpm-lock.yaml", "pnpm", "update", "update"],
      ["yarn.lock", "yarn", "update", "upgrade"],
    ] as const
  ) {
    await inFolder({ "package.json": "{}", [lock]: "" }, async (folder) => {
      const env = await standIn(folder, manager, 'echo "ran $0 $*"');
      const { code, stdout } = await endOf(startSidecar([task], { cwd: folder.path, env }));
      equal(code, 0);
      equal(stdout, `ran ${folder.at(`bin/${manager}`)} ${words}\n`);
    });
  }
});

test("install without a lock file takes the executor's package manager", async () => {
  await inFolder({ "package.json": "{}" }, async (folder) => {
    const env = await standIn(folder, "bun", 'echo "ran $*"; exit 7');
    const args = ["install", "--executor", "bun"];
    const { code, stdout } = await endOf(startSidecar(args, { cwd: folder.path, env }));
    equal(code, 7);
    equal(stdout, "ran install\n");
  });
});

test("install tells a package.json that is missing or broken", async () => {
  await inFolder({}, async (folder) => {
    const missing = await endOf(startSidecar(["install"], { cwd: folder.path }));
    equal(missing.code, 1);
    match(missing.stderr, /it has no package\.json\n {2}next: .*init/);
    await writeFile(folder.at("package.json"), '{ "name": ');
    const broken = await endOf(startSidecar(["install"], { cwd: folder.path }));
    equal(broken.code, 1);
    match(broken.stderr, /Cannot read ".*package\.json": /);
  });
});
