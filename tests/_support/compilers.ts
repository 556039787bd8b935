/**
 * The compilers that generated code has to please, and how they are asked.
 *
 * @module
 */
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";

/** TypeScript 5.9, 6 and 7, as `package.json` calls them. */
export const COMPILERS = ["typescript59", "typescript6", "typescript7"] as const;

/** Every flag that finds fault with something. */
export const STRICTEST_OPTIONS: Readonly<Record<string, unknown>> = {
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  // No younger library than browsers of some years: generated code must not need one.
  lib: ["es2020", "dom"],
  types: [],
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: false,
  ...Object.fromEntries(
    [
      ...[
        "strict",
        "verbatimModuleSyntax",
        "isolatedDeclarations",
        "declaration",
        "isolatedModules",
      ],
      ...["exactOptionalPropertyTypes", "noUncheckedIndexedAccess", "erasableSyntaxOnly"],
      ...["noUnusedLocals", "noUnusedParameters", "noImplicitReturns", "noImplicitOverride"],
      ...["noFallthroughCasesInSwitch", "noPropertyAccessFromIndexSignature"],
    ].map((flag) => [flag, true]),
  ),
};

/** Runs a compiler or a linter; what it says where it finds fault, else the empty text. */
export async function runChecker(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  try {
    await promisify(execFile)(command, [...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1" },
      maxBuffer: 1 << 26,
    });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  }
}
