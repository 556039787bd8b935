/**
 * What `init` says: what it made, and what to type next.
 *
 * @module
 */
import type { Project } from "./scaffold.ts";
import { aboutOf, type InstallStep, renderStep, runScript } from "./scaffold_words.ts";
import type { Style } from "./style.ts";
import type { Answers, Template } from "./template.ts";

/** What became of the answers. */
export interface InitReport {
  readonly answers: Answers;
  readonly template: Template;
  /** The folder as it is typed; `.` for the one where we are. */
  readonly folder: string;
  readonly files: number;
  /** What is left to do before it runs. */
  readonly steps: readonly InstallStep[];
}

/** Renders it for a person; every line ends with a line feed. */
export function renderInitReport(report: InitReport, style: Style): string {
  const { answers, template, folder, files, steps } = report;
  const commands = [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    ...steps.map(renderStep),
    runScript("dev", answers),
  ];
  const lines = [
    `${style.green("Made")} ${style.bold(answers.name)}: ${
      aboutOf(template, answers)
    } ${files} files`,
    "",
    style.bold("Next"),
    ...commands.map((command) => `  ${style.cyan(command)}`),
    "",
    `Then open http://127.0.0.1:${answers.port}/`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Lists what would be written; every line ends with a line feed. */
export function renderDryRun(project: Project, folder: string, style: Style): string {
  const lines = [
    `${style.bold("Nothing is written.")} It would be ${project.size} files in ${folder}:`,
    ...foldersOf(project),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Case: src/a, src/b, c -> "  c", "  src/ a b": a line each would be more than a screen. */
function foldersOf(project: Project): readonly string[] {
  const folders = new Map<string, string[]>();
  for (const path of project.keys()) {
    const end = path.lastIndexOf("/") + 1;
    const folder = path.slice(0, end);
    folders.set(folder, [...folders.get(folder) ?? [], path.slice(end)]);
  }
  return [...folders].map(([folder, names]) =>
    `  ${folder === "" ? "./" : folder} ${names.join(" ")}`
  );
}
