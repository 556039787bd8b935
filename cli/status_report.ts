/**
 * What the command `status` shows: one screen, or JSON.
 *
 * @module
 */
import type { InstanceFact, Leftover, ListenerFact, TypesFacts } from "../doctor/snapshot.ts";
import type { Style } from "./style.ts";

/** An option as it counts. */
export interface OptionRow {
  readonly name: string;
  readonly value: string | number | boolean;
  /** Such as `the flag "--port"`; `default` where nobody gave it. */
  readonly source: string;
}

/** What is shown. */
export interface StatusFacts {
  /** Absolute. */
  readonly root: string;
  readonly options: readonly OptionRow[];
  /** What is wrong with the options. */
  readonly problems: readonly string[];
  /** Versions by name; a name without one is not there. */
  readonly versions: readonly { readonly name: string; readonly version: string | undefined }[];
  readonly running: readonly InstanceFact[];
  /** Who listens on the configured port, if it is no sidecar of this root. */
  readonly portOwner: ListenerFact | undefined;
  readonly port: number | undefined;
  readonly leftovers: readonly Leftover[];
  /** `undefined` where none are generated, or nobody can tell. */
  readonly types: TypesFacts | undefined;
  /** Why there is nothing to say of the types. */
  readonly typesWhy: string;
  readonly build:
    | {
      readonly folder: string;
      /** As `2026-05-01T09:30:00.000Z`. */
      readonly builtAt: string;
      /** Sources that are newer. */
      readonly newer: number;
      readonly problems: readonly string[];
    }
    | undefined;
}

/** Renders one object of JSON, on one line. Names in it never change; there may be more of them. */
export function renderStatusJson(facts: StatusFacts): string {
  const { root, options, problems, versions, running, portOwner, port, build } = facts;
  return JSON.stringify({
    version: 1,
    root,
    options,
    problems,
    versions: Object.fromEntries(versions.map(({ name, version }) => [name, version ?? null])),
    running,
    port: { number: port ?? null, owner: portOwner ?? null },
    leftovers: facts.leftovers.map(({ path, what, staleWhy }) => ({
      path,
      what,
      stale: staleWhy ?? null,
    })),
    types: facts.types ?? null,
    build: build ?? null,
  });
}

/** Renders for a person; every line ends with a line feed. */
export function renderStatus(facts: StatusFacts, style: Style): string {
  const lines = [
    style.bold("Versions"),
    ...renderTable(facts.versions.map(({ name, version }) => [name, version ?? "not there"])),
    "",
    style.bold("Options"),
    ...renderTable(
      facts.options.map(({ name, value, source }) => [name, String(value), style.dim(source)]),
    ),
    ...facts.problems.map((problem) => `  ${style.red("error:")} ${problem}`),
    "",
    style.bold("Running"),
    ...renderRunning(facts, style).map((line) => `  ${line}`),
    "",
    style.bold("Up to date"),
    ...renderFreshness(facts, style).map((line) => `  ${line}`),
    "",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Rows of the same number of cells, the cells below each other. */
function renderTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.min(Math.max(...rows.map((row) => (row[column] ?? "").length)), MAX_COLUMN)
  );
  return rows.map((row) => {
    const last = row.length - 1;
    return `  ${
      row.map((cell, column) => column === last ? cell : cell.padEnd(widths[column] ?? 0)).join(
        "  ",
      )
    }`;
  });
}

/** A longer cell pushes its neighbours away. */
const MAX_COLUMN = 48;

function renderRunning(
  { running, portOwner, port, leftovers }: StatusFacts,
  style: Style,
): string[] {
  const lines = running.flatMap((instance) => renderInstance(instance, style));
  if (portOwner !== undefined) {
    const who = portOwner.pid === undefined ? "another program" : `process ${portOwner.pid}`;
    lines.push(
      `${style.yellow(`port ${portOwner.port}`)} belongs to ${who} ${portOwner.command}`.trim(),
    );
  } else if (running.length === 0) {
    lines.push(
      style.dim(port === undefined || port === 0 ? "nothing" : `nothing; port ${port} is free`),
    );
  }
  for (const { path, what, staleWhy } of leftovers) {
    lines.push(
      staleWhy === undefined
        ? `${what} ${path} is there`
        : `${style.yellow("stale")} ${what} ${path}: ${staleWhy}`,
    );
  }
  return lines;
}

function renderInstance(
  { pid, url, mode, vite, app }: InstanceFact,
  style: Style,
): string[] {
  const condition = (word: string): string =>
    word === "ready" || word === "up"
      ? style.green(word)
      : word === "down"
      ? style.red(word)
      : style.yellow(word);
  const viteText = vite === undefined
    ? "a build"
    : `Vite ${condition(vite.condition)}${
      vite.port === undefined ? "" : ` on port ${vite.port}`
    }, base ${vite.base}`;
  const appText = app.kind === "none"
    ? "no app"
    : `app ${condition(app.condition)}${app.origin === undefined ? "" : ` at ${app.origin}`}`;
  return [
    `${style.cyan(url)}  ${mode}, process ${pid}`,
    `${viteText}; ${appText}`,
  ];
}

function renderFreshness({ types, typesWhy, build }: StatusFacts, style: Style): string[] {
  return [`types  ${renderTypes(types, typesWhy, style)}`, `build  ${renderBuild(build, style)}`];
}

function renderTypes(types: TypesFacts | undefined, why: string, style: Style): string {
  if (types === undefined) return style.dim(why);
  const { kind, output, files, problems } = types;
  if (kind === "same") return `${style.green("yes")}, ${output}`;
  return kind === "stale"
    ? `${style.yellow("no")}, ${files.length} files in ${output}; next: generate-types`
    : `${style.red("unknown")}: ${problems[0] ?? "generate-types says why"}`;
}

function renderBuild(build: StatusFacts["build"], style: Style): string {
  if (build === undefined) return style.dim("nothing is built");
  const { folder, newer, problems, builtAt } = build;
  const when = builtAt.slice(0, 16).replace("T", " ");
  if (problems.length > 0) return `${style.red("broken")}: ${problems[0]}`;
  return newer === 0
    ? `${style.green("yes")}, ${folder} of ${when} UTC`
    : `${
      style.yellow("no")
    }, ${newer} sources are newer than ${folder} of ${when} UTC; next: build`;
}
