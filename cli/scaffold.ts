/**
 * Makes a project of answers: paths and texts, nothing written.
 *
 * @module
 */
import reactPreamble from "./templates/react-inertia/preamble.html" with { type: "text" };
import readme from "./templates/shared/README.md" with { type: "text" };
import sidecarConfigLitestar from "./templates/shared/sidecar_litestar.config.ts.txt" with {
  type: "text",
};
import sidecarConfig from "./templates/shared/sidecar.config.ts.txt" with { type: "text" };
import viteConfig from "./templates/shared/vite.config.ts.txt" with { type: "text" };
import { nearestName } from "../sidecar/nearest_name.ts";
import { chooseLanguage, fillSlots, type Slots } from "./fill_slots.ts";
import { projectNameProblem } from "./project_name.ts";
import { editorFiles, ignoredFiles, JSR_REGISTRY } from "./scaffold_editor.ts";
import { packageManifest } from "./scaffold_manifest.ts";
import { aboutOf, installSteps, renderStep, runScript } from "./scaffold_words.ts";
import { type ServerParts, serverParts } from "./scaffold_server.ts";
import { scriptPath } from "./script_path.ts";
import type { Answers, Template, TemplateParts } from "./template.ts";
import { TEMPLATES } from "./templates.ts";

/** A project before it is written: paths with slashes, and texts. */
export type Project = ReadonlyMap<string, string>;

/** Answers that can't be made a project of; its message has a line for each problem. */
export class ScaffoldError extends TypeError {
  override readonly name = "ScaffoldError";
}

/**
 * Finds a template.
 *
 * @throws {ScaffoldError} If there is none of that name.
 */
export function findTemplate(name: string): Template {
  const found = TEMPLATES.find((template) => template.name === name);
  if (found !== undefined) return found;
  const names = TEMPLATES.map((template) => template.name);
  const nearest = nearestName(name, names);
  throw new ScaffoldError(
    `Cannot use "${name}" as a template: there are ${names.join(", ")}${
      nearest === undefined ? "" : `; did you mean "${nearest}"`
    }`,
  );
}

/**
 * Makes the files of a project.
 *
 * @throws {ScaffoldError} If the name is none, there is no such template, or answers exclude each other.
 */
export function scaffold(answers: Answers): Project {
  const template = findTemplate(answers.template);
  const problems = [projectNameProblem(answers.name), ...refusalsOf(template, answers)]
    .filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ScaffoldError(problems.join("\n"));
  const parts = template.parts(answers);
  const server = serverParts(parts, answers);
  const slots = slotsOf(parts, server, answers);
  const files = new Map<string, string>();
  for (const [path, text] of sources(parts, server, answers)) {
    files.set(pathOf(path, answers), textOf(path, text, slots, answers));
  }
  for (const [path, value] of dataFiles(parts, server, answers)) {
    files.set(path, `${JSON.stringify(value, undefined, 2)}\n`);
  }
  files.set(".gitignore", ignoredFiles(parts, answers));
  const { dependencies = {} } = packageManifest(parts, server, answers);
  if (dependencies["@lv/sidecar"]?.startsWith("npm:@jsr/") === true) {
    files.set(".npmrc", JSR_REGISTRY);
  }
  return new Map([...files].sort(([one], [other]) => one < other ? -1 : 1));
}

function refusalsOf(template: Template, answers: Answers): readonly string[] {
  const general = answers.sdk && !answers.typescript
    ? ['Cannot use "--sdk" with "--no-typescript": what it generates is TypeScript']
    : [];
  return [...general, ...template.refusals(answers)];
}

function sources(
  parts: TemplateParts,
  server: ServerParts,
  answers: Answers,
): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(parts.files),
    ...Object.entries(server.files),
    ...(needsViteConfig(parts) ? [["vite.config.ts", viteConfig] as const] : []),
    ["sidecar.config.ts", answers.backend === "litestar" ? sidecarConfigLitestar : sidecarConfig],
    ["README.md", readme],
  ];
}

/** Without plugins Vite needs none; a framework brings its own. */
function needsViteConfig({ vitePlugins, viteConfig }: TemplateParts): boolean {
  return (vitePlugins !== undefined && vitePlugins.length > 0) || viteConfig !== undefined;
}

function dataFiles(
  parts: TemplateParts,
  server: ServerParts,
  answers: Answers,
): readonly (readonly [string, unknown])[] {
  return [
    ["package.json", packageManifest(parts, server, answers)],
    ...(parts.tsconfig !== undefined && answers.typescript
      ? [["tsconfig.json", parts.tsconfig] as const]
      : []),
    ...(answers.runtime === "deno" ? [["deno.json", DENO_MANIFEST] as const] : []),
    ...editorFiles(parts, server, answers),
  ];
}

/** `package.json` has the packages and the tasks; Deno reads both. */
const DENO_MANIFEST = { nodeModulesDir: "manual", exclude: ["dist/", "dist-ssr/"] } as const;

function pathOf(path: string, { typescript }: Answers): string {
  return typescript ? path : scriptPath(path);
}

function textOf(path: string, text: string, slots: Slots, { typescript }: Answers): string {
  const isScript = /\.(?:tsx?|vue|svelte)$/.test(path);
  // A slot that is empty leaves no empty line at the head of its file.
  return fillSlots(isScript ? chooseLanguage(text, typescript) : text, slots).replace(/^\n+/, "");
}

function slotsOf(parts: TemplateParts, server: ServerParts, answers: Answers): Slots {
  const { name, runtime, backend, typescript, template, port, ssr } = answers;
  const language = runtime === "deno" ? "Deno" : "Bun";
  const plugins = parts.vitePlugins ?? [];
  const config = { ...server.config, ...parts.config };
  return {
    NAME: name,
    TEMPLATE: template,
    PORT: String(port),
    RUNTIME: language,
    FROM: backend === "hono" ? "Hono" : language,
    SSR: ssr ? ", ssr: true" : "",
    X: typescript ? "ts" : "js",
    SX: typescript ? "tsx" : "jsx",
    LANG: typescript ? ' lang="ts"' : "",
    VITE_IMPORTS: plugins.map((plugin) => plugin.import).join("\n"),
    VITE_PLUGINS: plugins.map((plugin) => plugin.use).join(", "),
    VITE_MORE: parts.viteConfig ?? "",
    CONFIG: renderObject(config),
    OPTIONS: Object.keys(config).length === 0 ? "" : `\n${renderOptions(config)}`,
    PREAMBLE: "react" in (parts.dependencies ?? {}) ? `\n${reactPreamble.trimEnd()}` : "",
    ABOUT: aboutOf(findTemplate(template), answers),
    SETUP: [...installSteps(answers).map(renderStep), runScript("dev", answers)].join("\n"),
    TASKS: tasksOf(parts, server, answers),
    EDIT: pathOf(parts.edit, answers),
    SERVER: server.main,
  };
}

function tasksOf(parts: TemplateParts, server: ServerParts, answers: Answers): string {
  const { scripts } = packageManifest(parts, server, answers);
  const rows = Object.keys(scripts).map((name) =>
    `| \`${runScript(name, answers)}\` | ${TASKS[name] ?? ""} |`
  );
  return ["| command | what it does |", "| --- | --- |", ...rows].join("\n");
}

const TASKS: Readonly<Record<string, string>> = {
  dev: "serves the sources, with hot module replacement",
  build: "builds the front end into `dist/`",
  serve: "serves the app and what was built",
  check: "checks the types",
  test: "runs the tests",
};

function renderObject(options: Readonly<Record<string, unknown>>): string {
  return Object.keys(options).length === 0 ? "{}" : `{\n${renderOptions(options)}\n}`;
}

/** Options as they are written in a module: keys without quotes, a line each. */
function renderOptions(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options).map(([name, value]) => `  ${name}: ${renderValue(value)},`)
    .join("\n");
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${renderValue(field)}`);
  return `{ ${fields.join(", ")} }`;
}
