/**
 * A type checker that knows a project already, as that of an editor does.
 *
 * @module
 */
import { statSync } from "node:fs";
import { dirname } from "node:path";
// The one whose language service is a library; that of TypeScript 7 is a program.
import ts from "typescript6";

/** A warmed checker. */
export interface TypeChecker {
  /** What is wrong now, one text for each place: `src/main.ts: Property 'x' does not exist …`. */
  errors(): readonly string[];
  close(): void;
}

/** Opens the project of a `tsconfig.json`; its own files are read anew when they have changed. */
export function openTypeChecker(tsconfig: string): TypeChecker {
  const root = dirname(tsconfig);
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const { sys } = ts;
  const service = ts.createLanguageService({
    readFile: (path) => sys.readFile(path),
    fileExists: (path) => sys.fileExists(path),
    directoryExists: (path) => sys.directoryExists(path),
    getDirectories: (path) => sys.getDirectories(path),
    realpath: (path) => sys.realpath?.(path) ?? path,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => path.includes("/node_modules/") ? "0" : versionOf(path),
    getScriptSnapshot: (path) => {
      const text = sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
  });
  const render = ({ file, messageText }: ts.Diagnostic): string => {
    const path = file?.fileName.slice(root.length + 1) ?? "";
    return `${path}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  };
  return {
    errors: () =>
      fileNames.flatMap((path) => [
        ...service.getSyntacticDiagnostics(path),
        ...service.getSemanticDiagnostics(path),
      ]).map(render),
    close: () => service.dispose(),
  };
}

function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "-" : `${found.mtimeMs}:${found.size}:${found.ino}`;
}
