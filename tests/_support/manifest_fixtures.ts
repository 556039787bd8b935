/**
 * Manifests that real builds wrote, and how to write them anew: `deno run -A tests/_support/manifest_fixtures.ts`.
 *
 * They lie in `tests/fixtures/manifests/` with the pages that Vite's own HTML writer made in the same build.
 *
 * @module
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createProject, type Project, repositoryRoot } from "./project.ts";

const FIXTURES = join(repositoryRoot, "tests", "fixtures", "manifests");

/** The aliases in `package.json`; the names of the fixtures end with them. */
export const VITES: readonly string[] = ["vite8", "vite7", "vite6"];

/** Reads a fixture, for example `pages.vite8.json`. */
export async function readFixture(name: string): Promise<string> {
  return await readFile(join(FIXTURES, name), "utf8");
}

/** The names of all fixtures that end so. */
export async function listFixtures(end: string): Promise<string[]> {
  return (await readdir(FIXTURES)).filter((name) => name.endsWith(end)).sort();
}

const css = (name: string): string => `.${name} { color: red; content: "${name}" }\n`;
const page = (title: string, script: string): string =>
  `<!doctype html><html><head><title>${title}</title>${script}</head><body></body></html>\n`;

/** Sources with shared modules in several layers, each with a style sheet of its own. */
const SOURCES: Readonly<Record<string, string>> = {
  "index.html": page("home", '<script type="module" src="/src/main.ts"></script>'),
  "about.html": page("about", '<script type="module" src="/src/about.ts"></script>'),
  "docs/index.html": page("docs", '<script type="module" src="/src/docs.ts"></script>'),
  // Vite dissolves an entry that only imports: it is in no manifest.
  "inline.html": page("inline", '<script type="module">import "./src/shared.ts";</script>'),
  "src/main.ts": `import "./reset.css"; import { top } from "./top.ts"; import "./main.css";
import { shared } from "./shared.ts"; import logo from "./logo.svg";
export const state = { shared, logo }; document.title = top() + shared() + logo;
import("./lazy.ts").then((m) => m.open()); import("./chart.ts").then((m) => m.draw()); import("./print.css");`,
  "src/about.ts":
    `import { side } from "./side.ts"; import { top } from "./top.ts"; import "./about.css"; document.title = top() + side();`,
  "src/docs.ts":
    `import "./docs.css"; import { shared } from "./shared.ts"; import { side } from "./side.ts"; document.title = shared() + side();`,
  "src/shared.ts":
    `import "./shared.css"; import { deep } from "./deep.ts"; export function shared() { return "shared " + deep(); }`,
  "src/side.ts":
    `import { deep } from "./deep.ts"; import "./side.css"; export function side() { return "side " + deep(); }`,
  "src/top.ts":
    `import { deep } from "./deep.ts"; import "./top.css"; export function top() { return "top " + deep(); }`,
  "src/deep.ts": `import "./deep.css"; export function deep() { return "deep " + location.href; }`,
  "src/lazy.ts":
    `import "./lazy.css"; import { state } from "./main.ts"; import { deep } from "./deep.ts"; export function open() { console.log(state, deep()); import("./chart.ts"); }`,
  "src/chart.ts":
    `import "./chart.css"; import { deep } from "./deep.ts"; export function draw() { console.log(deep()); }`,
  "src/modal.ts":
    `import "./modal.css"; import { shared } from "./shared.ts"; console.log("modal", shared());`,
  "src/styles.css": `@import "./reset.css"; body { background: url("./logo.svg") }\n`,
  "src/logo.svg":
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>\n`,
  "public/favicon.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>\n`,
  ...Object.fromEntries(
    "reset main shared deep side top lazy chart about docs modal print".split(" ")
      .map((name) => [`src/${name}.css`, css(name)]),
  ),
};

interface Build {
  readonly name: string;
  readonly base: string;
  readonly input: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Relative to the output. */
  readonly manifest?: string;
  /** Only this Vite can. */
  readonly only?: string;
}

const PAGES = ["index.html", "about.html", "docs/index.html", "inline.html"];
const SCRIPTS = ["src/main.ts", "src/modal.ts"];

const BUILDS: readonly Build[] = [
  { name: "pages", base: "/", input: PAGES },
  { name: "cdn_pages", base: "https://cdn.example.com/app/", input: ["index.html"] },
  { name: "relative_pages", base: "./", input: ["index.html", "docs/index.html"] },
  {
    name: "entries",
    base: "/static/",
    input: [...SCRIPTS, "src/styles.css"],
    options: { manifest: "manifest.json" },
    manifest: "manifest.json",
  },
  { name: "one_css", base: "/static/", input: SCRIPTS, options: { cssCodeSplit: false } },
  {
    name: "one_css_pages",
    base: "/static/",
    input: ["index.html"],
    options: { cssCodeSplit: false },
  },
  {
    name: "import_map",
    base: "/static/",
    input: ["index.html"],
    options: { chunkImportMap: true },
    only: "vite8",
  },
];

/** What all versions have in common. */
interface Vite {
  build(config: unknown): Promise<unknown>;
}

async function makeFixtures(): Promise<void> {
  await mkdir(FIXTURES, { recursive: true });
  for (const vite of VITES) {
    const project = await createProject("manifests", SOURCES);
    try {
      for (const build of BUILDS.filter(({ only = vite }) => only === vite)) {
        await makeFixture(project, build, vite);
      }
    } finally {
      await project.remove();
    }
  }
}

async function makeFixture(project: Project, build: Build, vite: string): Promise<void> {
  // The versions' types differ; what is used here does not.
  const { build: run } = await import(vite === "vite8" ? "vite" : vite) as Vite;
  const input = build.input.map((path) => join(project.root, path));
  const bundler = vite === "vite8" ? "rolldownOptions" : "rollupOptions";
  await run({
    root: project.root,
    base: build.base,
    configFile: false,
    logLevel: "error",
    build: { manifest: true, assetsInlineLimit: 0, [bundler]: { input }, ...build.options },
  });
  const { manifest = ".vite/manifest.json" } = build;
  await keep(project, `dist/${manifest}`, `${build.name}.${vite}.json`);
  for (const path of build.input.filter((path) => path.endsWith(".html"))) {
    const name = path.replaceAll("/", "_");
    await keep(project, `dist/${path}`, `${build.name}.${vite}.${basename(name)}`);
  }
  if (build.name === "import_map") {
    await keep(project, "dist/importmap.json", `${build.name}.${vite}.importmap`);
  }
}

async function keep(project: Project, from: string, to: string): Promise<void> {
  await writeFile(join(FIXTURES, to), `${(await project.read(from)).trimEnd()}\n`);
}

if (import.meta.main) await makeFixtures();
