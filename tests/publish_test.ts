/** What goes to the registry: the published rooms whole, and nothing of the workshop. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { repositoryRoot } from "./_support/project.ts";
import { publishedFiles } from "./_support/published_files.ts";
import { parseSourceModule } from "./_support/source_module.ts";
import { test } from "./_support/test.ts";

const ROOMS = new Set([
  ...[
    "sidecar/",
    "runtime/",
    "vite/",
    "cli/",
    "routes/",
    "codegen/",
    "inertia/",
    "htmx/",
    "frameworks/",
  ],
  ...["typegen/", "doctor/"],
  ...["deno.json", "mod.ts", "sidecar.ts"],
  ...["LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"],
]);

/**
 * The stand-ins of `@std/*`. `deno publish` refuses a package whose graph holds a file that is not part of it, and while
 * `links` is needed these are; nothing that is published imports them by path.
 */
const STAND_INS = "tools/std/";

/** Copied out into projects. */
const TEMPLATES = "cli/templates/";

const files = await publishedFiles();

test("only the published rooms go out", () => {
  const others = files.filter((path) => {
    const [top = "", ...rest] = path.split("/");
    return !ROOMS.has(rest.length > 0 ? `${top}/` : top) && !path.startsWith(STAND_INS);
  });
  deepEqual(others, []);
});

test("what a reader of the package needs goes out with it", () => {
  const missing = ["mod.ts", "deno.json", "LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"]
    .filter((path) => !files.includes(path));
  deepEqual(missing, []);
});

test("whatever a published module imports by path is published, texts included", async () => {
  const sources = files.filter((path) => /\.(ts|js)$/.test(path) && !path.startsWith(STAND_INS));
  ok(sources.length > 0);
  const missing: string[] = [];
  for (const path of sources) {
    const text = await readFile(join(repositoryRoot, path), "utf8");
    for (const { specifier } of parseSourceModule(path, text).imports) {
      const target = posix.join(posix.dirname(path), specifier);
      if (/^\.\.?\//.test(specifier) && !files.includes(target)) {
        missing.push(`${path} → ${target}`);
      }
    }
  }
  deepEqual(missing, []);
});

test("a template goes out as it is: no name that makes deno publish rewrite it", () => {
  // Seen in what it sends: `from "zod"` is `from "npm:zod@^4.0.0"` in every module, which no bundler takes, and a .tsx
  // begins with pragmas of React.
  const modules = files.filter((path) => path.startsWith(TEMPLATES))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  deepEqual(modules, []);
  ok(files.some((path) => path.startsWith(TEMPLATES) && path.endsWith(".tsx.txt")));
});

test("the package and the program have the same version", async () => {
  const { version } = JSON.parse(await readFile(join(repositoryRoot, "deno.json"), "utf8")) as {
    version: string;
  };
  const changes = await readFile(join(repositoryRoot, "CHANGELOG.md"), "utf8");
  equal(/^## (\S+)/m.exec(changes)?.[1], version);
});
