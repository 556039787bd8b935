/**
 * Runs the examples: of the doc comments of everything published, of `README.md` and of `docs/`.
 *
 * A fence marked `ts` or `js` is checked and run; `ts no-run` is checked only, for what needs a server, a Vite or time;
 * `ts ignore` is a fragment and neither.
 */
import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { docCommentFences, type Fence, markdownFences } from "./_support/fences.ts";
import { createProject, repositoryRoot } from "./_support/project.ts";
import { runDeno } from "./_support/runtimes.ts";
import { test } from "./_support/test.ts";

const SOURCES: readonly string[] = [
  ...["README.md", "docs", "mod.ts", "sidecar.ts"],
  ...["sidecar", "runtime", "vite", "cli", "routes", "codegen", "inertia", "htmx", "frameworks"],
];

interface Example {
  /** `sidecar/close_code.ts:24`. */
  readonly name: string;
  readonly code: string;
  readonly isRun: boolean;
}

function filesIn(path: string): readonly string[] {
  const stat = statSync(join(repositoryRoot, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(repositoryRoot, path)).sort().flatMap((name) =>
    filesIn(`${path}/${name}`)
  );
}

function examplesIn(path: string): readonly Example[] {
  const text = readFileSync(join(repositoryRoot, path), "utf8");
  const fences = path.endsWith(".md") ? markdownFences(text) : docCommentFences(text);
  return fences.filter(isProgram).map(({ line, info, code }) => ({
    name: `${path}:${line}`,
    code,
    isRun: !info.includes("no-run"),
  }));
}

function isProgram({ info }: Fence): boolean {
  return /^(ts|js|typescript|javascript)$/.test(info[0] ?? "") && !info.includes("ignore");
}

const examples = SOURCES.flatMap(filesIn).filter((path) => /\.(ts|js|md)$/.test(path))
  .flatMap(examplesIn);

const fileNameOf = ({ name }: Example): string => `${name.replace(/[^\w]/g, "_")}.ts`;

// Each a module: two examples may use the same names.
const sourceOf = ({ code }: Example): string => `${code}\nexport {};\n`;

for (const example of examples.filter(({ isRun }) => isRun)) {
  test(`the example at ${example.name} runs`, async () => {
    const file = fileNameOf(example);
    const project = await createProject("doc-example", { [file]: sourceOf(example) });
    try {
      await import(pathToFileURL(join(project.root, file)).href);
    } finally {
      await project.remove();
    }
  });
}

test("all examples pass the type checker", async () => {
  const files = Object.fromEntries(examples.map((each) => [fileNameOf(each), sourceOf(each)]));
  const project = await createProject("doc-examples", files);
  try {
    ok(examples.length > 0);
    await runDeno(["check", ...Object.keys(files).map((file) => join(project.root, file))]);
  } finally {
    await project.remove();
  }
});

interface Declaration {
  readonly kind: string;
  readonly declarationKind: string;
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly { readonly kind: string }[] };
}

interface DocOutput {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly symbols: readonly {
          readonly name: string;
          declarations: readonly Declaration[];
        }[];
      }
    >
  >;
}

const INTEGRATIONS = ["api", "astro", "sveltekit", "nuxt"].map((name) => `frameworks/${name}.ts`);

test("every published function, class and constant has an example", async () => {
  const { stdout } = await runDeno([
    "doc",
    "--json",
    "mod.ts",
    "htmx/mod.ts",
    "vite/plugin.ts",
    ...INTEGRATIONS,
  ]);
  // The shape that `deno doc --json` prints; another one fails the test below.
  const { nodes } = JSON.parse(stdout) as DocOutput;
  const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
  const values = symbols.filter(({ declarations }) =>
    declarations.some(({ kind, declarationKind }) =>
      declarationKind === "export" && /^(function|class|variable)$/.test(kind)
    )
  );
  ok(values.length > 0);
  const bare = values.filter(({ declarations }) =>
    !declarations.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "example"))
  );
  deepEqual(bare.map(({ name }) => name), []);
});

const LINK_REGEXP = /\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g;

test("every link of the documents to a file leads to one", () => {
  const documents = [
    ...readdirSync(repositoryRoot).filter((name) => name.endsWith(".md")),
    ...filesIn("docs").filter((path) => path.endsWith(".md")),
  ];
  ok(documents.length > 0);
  const dead = documents.flatMap((path) =>
    [...readFileSync(join(repositoryRoot, path), "utf8").matchAll(LINK_REGEXP)]
      .map(([, target = ""]) => posix.join(posix.dirname(path), target))
      .filter((target) => !existsSync(join(repositoryRoot, target)))
      .map((target) => `${path} → ${target}`)
  );
  deepEqual(dead, []);
});
