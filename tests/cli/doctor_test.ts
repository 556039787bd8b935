/**
 * `doctor` and `status` as they are typed: on a project that `init` made, on a broken one, and while `dev` runs.
 */
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type Answers, BACKENDS } from "../../cli/template.ts";
import { scaffold } from "../../cli/scaffold.ts";
import { TEMPLATES } from "../../cli/templates.ts";
import { freePort } from "../_support/free_port.ts";
import { createProject, type Project, repositoryRoot } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface DoctorJson {
  readonly version: 1;
  readonly errors: number;
  readonly findings: readonly {
    readonly check: string;
    readonly severity: string;
    readonly message: string;
    readonly evidence: readonly string[];
    readonly fix: string;
    readonly mendable: boolean;
  }[];
  readonly mended: readonly { readonly path: string; readonly refused: string | null }[];
  readonly backup: string | null;
  readonly ms: number;
}

async function type(
  { root }: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const program = startSidecar(args, { cwd: root, env });
  const { code } = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

async function doctor(project: Project, ...args: readonly string[]): Promise<DoctorJson> {
  const { stdout, stderr } = await type(project, ["doctor", "--json", ...args]);
  if (!stdout.startsWith("{")) throw new Error(`doctor said no JSON: ${stdout}${stderr}`);
  // The contract of --json.
  return JSON.parse(stdout) as DoctorJson;
}

const ANSWERS: Answers = {
  name: "my-app",
  template: "react",
  backend: "hono",
  typescript: true,
  tailwind: false,
  zod: false,
  sdk: false,
  ssr: false,
  executor: "node",
  port: 8000,
  runtime: runtimeName,
  sidecar: {
    program: join(repositoryRoot, "mod.ts"),
    dependency: "npm:@jsr/lv__sidecar@^0.1.0",
    isProgram: false,
  },
};

/** What `init` makes, with packages that are there in the versions that it lists; Vite is the real one. */
async function scaffolded(answers: Partial<Answers>): Promise<Project> {
  const files = Object.fromEntries(scaffold({ ...ANSWERS, ...answers }));
  const project = await createProject("doctor", files);
  const manifest = JSON.parse(files["package.json"] ?? "{}") as {
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
  };
  const listed = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, range] of Object.entries(listed)) {
    const path = join(project.root, "node_modules", name);
    const isPlugin = name === "vite" || /vite|^@sveltejs\/|^astro$|^nuxt$/.test(name);
    if (isPlugin) {
      await mkdir(join(path, ".."), { recursive: true });
      await symlink(join(repositoryRoot, "node_modules", name), path, "junction");
    } else {
      const version = /\d+\.\d+\.\d+/.exec(range)?.[0] ?? "1.0.0";
      await project.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
    }
  }
  return project;
}

/** Uses a project, and removes it. */
async function using(project: Project, use: (project: Project) => Promise<void>): Promise<void> {
  try {
    await use(project);
  } finally {
    await project.remove();
  }
}

const PLAIN = { "package.json": '{"type":"module"}', "index.html": "<h1></h1>" };

test("doctor finds nothing in what init makes, and takes its time in the background alone", async () => {
  for (const template of ["react", "htmx", "vanilla"]) {
    await using(await scaffolded({ template }), async (project) => {
      const { findings, ms } = await doctor(project);
      deepEqual(findings, [], template);
      console.error(`doctor on ${template}: ${ms} ms`);
    });
  }
});

test("doctor looks at what a framework's template makes", async () => {
  const framework = TEMPLATES.find(({ name }) => name === "sveltekit");
  if (framework === undefined) return;
  const options = { template: framework.name, backend: BACKENDS[0] ?? "deno" };
  await using(await scaffolded(options), async (project) => {
    const { findings } = await doctor(project);
    deepEqual(findings.filter(({ check }) => check === "framework-mode"), []);
  });
});

test("doctor --check fails where there are errors, and nowhere else", async () => {
  await using(await createProject("doctor", PLAIN), async (project) => {
    equal((await type(project, ["doctor", "--check"])).code, 0);
    await project.write("package.json", "{");
    const { code, stderr } = await type(project, ["doctor", "--check"]);
    equal(code, 1);
    match(stderr, /error manifest-files {2}Cannot read "package\.json": it is no object of JSON/);
    equal((await type(project, ["doctor"])).code, 0);
  });
});

test("doctor --fix mends what can be mended, and keeps what was there each time", async () => {
  const files = {
    ...PLAIN,
    "deno.json": '{ "nodeModulesDir": "none" /* why */ }',
    "public/hot": "http://127.0.0.1:1",
  };
  await using(await createProject("doctor", files), async (project) => {
    const before = await doctor(project);
    deepEqual(before.findings.filter(({ mendable }) => mendable).map(({ check }) => check), [
      "deno-node-modules",
      "leftovers",
    ]);
    const first = await doctor(project, "--fix");
    deepEqual(first.mended.map(({ path, refused }) => [path, refused]), [
      ["deno.json", null],
      ["public/hot", null],
    ]);
    // What is told is what is left.
    deepEqual(first.findings, []);
    equal(await project.read("deno.json"), '{ "nodeModulesDir": "manual" /* why */ }');
    await rejects(project.read("public/hot"));
    equal(await project.read(join(first.backup ?? "", "public/hot")), "http://127.0.0.1:1");
    const again = await doctor(project, "--fix");
    deepEqual([again.mended, again.backup], [[], null]);
    await project.write("deno.json", '{"nodeModulesDir":"none"}');
    equal((await doctor(project, "--fix")).backup, ".sidecar-backup/2");
  });
});

test("doctor goes on where the options can't be used, and says so", async () => {
  await using(await createProject("doctor", PLAIN), async (project) => {
    await project.write("sidecar.config.ts", "export default { prot: 8000 };");
    const { findings } = await doctor(project);
    match(findings.find(({ check }) => check === "options")?.message ?? "", /"prot".*"port"/);
    await project.write("sidecar.config.ts", 'throw new Error("no such thing");');
    const broken = await doctor(project);
    match(broken.findings.find(({ check }) => check === "options")?.message ?? "", /no such thing/);
  });
});

test("doctor and status refuse a root that is not there", async () => {
  await using(await createProject("doctor", PLAIN), async (project) => {
    for (const command of ["doctor", "status"]) {
      const { code, stderr } = await type(project, [command, "--root", "gone"]);
      equal(code, 2);
      match(stderr, /Cannot use ".*gone" as the root: there is no such folder/);
    }
  });
});

test("status says where each option comes from", async () => {
  const files = {
    ...PLAIN,
    "sidecar.config.ts": "export default { port: 8765 };",
  };
  await using(await createProject("doctor", files), async (project) => {
    const env = { VITE_HOST: "127.0.0.1" };
    const { stdout, code } = await type(project, ["status", "--json", "--executor", "node"], env);
    equal(code, 0);
    // The contract of --json.
    const { options } = JSON.parse(stdout) as {
      options: { name: string; value: unknown; source: string }[];
    };
    const sources = Object.fromEntries(options.map(({ name, source }) => [name, source]));
    equal(sources["executor"], 'the flag "--executor"');
    equal(sources["host"], 'the variable "VITE_HOST" (option "host")');
    equal(sources["port"], 'the option "port" in "sidecar.config.ts"');
    equal(sources["bundleDir"], "default");
  });
});

test("status shows no password, of an option that can be used or not", async () => {
  const files = {
    ...PLAIN,
    "sidecar.config.ts": 'export default { backend: "http://user:secret@127.0.0.1:9" };',
  };
  await using(await createProject("doctor", files), async (project) => {
    for (const args of [["status"], ["status", "--json"], ["doctor"]]) {
      const { stdout, stderr } = await type(project, args);
      match(stdout + stderr, /user:\*\*\*@/);
      equal((stdout + stderr).includes("secret"), false);
    }
  });
});

/** What `status --json` says of what runs. */
interface RunningJson {
  readonly running: readonly {
    readonly pid: number;
    readonly url: string;
    readonly vite: { readonly condition: string };
  }[];
  readonly leftovers: readonly { readonly path: string; readonly stale: string | null }[];
}

async function running(project: Project): Promise<RunningJson> {
  const { stdout } = await type(project, ["status", "--json"]);
  return JSON.parse(stdout) as RunningJson;
}

test("status and doctor --runtime know a sidecar that runs, and one that was killed", async () => {
  const files = {
    ...PLAIN,
    "index.html": '<h1></h1><script type="module" src="/main.js"></script>',
    "main.js": "document.title = 1;",
    "node_modules/.keep": "",
  };
  await using(await createProject("doctor", files), async (project) => {
    const port = String(await freePort());
    const dev = startSidecar(["dev", "--port", port, "--json"], { cwd: project.root });
    try {
      const { url } = await dev.ready();
      const [own] = (await running(project)).running;
      deepEqual([own?.pid, own?.url, own?.vite.condition], [dev.pid, url, "ready"]);
      // Who has no key is told nothing: the path is like any other.
      const answer = await fetch(new URL("/__sidecar/status", url));
      match(await answer.text(), /<h1>/);
      const { findings } = await doctor(project, "--runtime", "--port", port);
      deepEqual(findings, []);
      dev.kill("SIGKILL");
      await dev.exited;
      const killed = await running(project);
      deepEqual(killed.running, []);
      match(killed.leftovers[0]?.path ?? "", /run-\d+\.json$/);
      const { mended } = await doctor(project, "--fix");
      match(mended[0]?.path ?? "", /run-\d+\.json$/);
      deepEqual((await running(project)).leftovers, []);
    } finally {
      await dev.stop();
    }
  });
});

test("dev leaves nothing behind when it ends, and lets nobody else read its key", async () => {
  const project = await createProject("doctor", { ...PLAIN, "node_modules/.keep": "" });
  await using(project, async () => {
    const dev = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
    try {
      await dev.ready();
    } finally {
      await dev.stop();
    }
    const names = await readdir(join(project.root, "node_modules", ".lv-sidecar")).catch(() => []);
    deepEqual(names.filter((name) => name.startsWith("run-")), []);
  });
});

test("doctor --runtime says who has the port", async () => {
  await using(await createProject("doctor", PLAIN), async (project) => {
    const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    // It listens on TCP.
    const { port } = server.address() as { port: number };
    try {
      const { findings } = await doctor(project, "--runtime", "--port", String(port));
      const [found] = findings;
      equal(found?.message, `Port ${port} belongs to somebody else`);
      match(found?.evidence[0] ?? "", process.platform === "linux" ? /process \d+/ : /:/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
