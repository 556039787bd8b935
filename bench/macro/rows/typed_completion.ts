/**
 * What an editor waits for when somebody writes a parameter: the completion after a keystroke.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { createProject, repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { median, summarize } from "../statistics.ts";
import { callInEditor, ourProject } from "../typed/projects.ts";

const COMPILERS = [["typescript59", "TypeScript 5.9"], ["typescript6", "TypeScript 6"]] as const;
const LIMITS_MS = [[1_000, 100], [10_000, 250]] as const;

interface Editor {
  /** Writes a character and asks what may stand there; milliseconds. */
  type(): number;
}

function openEditor(compiler: typeof ts, root: string, count: number): Editor {
  const { text, parameter } = callInEditor(count);
  const file = join(root, "editor.ts");
  let version = 0;
  const textOf = (): string => `${text}${" ".repeat(version % 9)} });\n`;
  const options = compiler.parseJsonConfigFileContent(
    compiler.readConfigFile(join(root, "tsconfig.json"), compiler.sys.readFile).config,
    compiler.sys,
    root,
  );
  const { sys } = compiler;
  const service = compiler.createLanguageService({
    readFile: (name) => sys.readFile(name),
    fileExists: (name) => sys.fileExists(name),
    directoryExists: (name) => sys.directoryExists(name),
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options.options,
    getScriptFileNames: () => [...options.fileNames, file],
    getScriptVersion: (name) => name === file ? String(version) : "0",
    getScriptSnapshot: (name) => {
      const known = name === file ? textOf() : sys.readFile(name);
      return known === undefined ? undefined : compiler.ScriptSnapshot.fromString(known);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => compiler.getDefaultLibFilePath(given),
  });
  return {
    type: () => {
      version++;
      const begun = performance.now();
      const found = service.getCompletionsAtPosition(file, text.length, {});
      const ms = performance.now() - begun;
      ok(found?.entries.some(({ name }) => name === parameter), "the parameter is not offered");
      return ms;
    },
  };
}

/** Both compilers, at 1,000 and at 10,000 routes; the first one after a start is in the figures. */
export async function measureCompletion({ rounds }: Plan): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [count, limit] of LIMITS_MS) {
    const project = await createProject("completion", ourProject(count));
    try {
      for (const [name, title] of COMPILERS) {
        const compiler: typeof ts = createRequire(join(repositoryRoot, "package.json"))(name);
        const editor = openEditor(compiler, project.root, count);
        const first = editor.type();
        const others = Array.from({ length: rounds + 2 }, () => editor.type()).slice(2);
        rows.push({
          name: `completion of a parameter at ${count.toLocaleString("en")} routes, ${title}`,
          target: { kind: "at-most", value: limit },
          measured: summarize(others),
          unit: " ms",
          detail: `after a keystroke ${
            median(others).toFixed(1)
          } ms; the first of a session, with reading all files, ${first.toFixed(0)} ms`,
        });
      }
    } finally {
      await project.remove();
    }
  }
  return rows;
}
