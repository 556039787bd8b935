/**
 * A build that failed: why, where, and what to do.
 *
 * @module
 */
import { relative } from "node:path";
import type { BuildMessage, BuildTarget } from "./build_protocol.ts";

/** A build that failed. */
export class BuildError extends Error {
  override readonly name = "BuildError";
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined) {
    super(message);
    this.hint = hint;
  }
}

/** Lines that say nothing, of the bundler of Vite 8. */
const NOISE_REGEXP = /^\s*(?:Build failed with \d+ errors?:)?\s*$/;
/** Case: "[UNRESOLVED_IMPORT] Could not resolve './x.js'" */
const CODE_REGEXP = /^\[[A-Z_]+\] /;

const WHAT: Readonly<Record<BuildTarget, string>> = {
  client: "the front end",
  ssr: "the server's part",
};

/** What to do about messages that people get most. */
function hintFor(message: string): string | undefined {
  // Case: Rolldown failed to resolve import "x" from "/app/src/main.ts"; Could not resolve entry module "x".
  const missing = /resolve (?:import|entry module) ["']([^"']+)["']/.exec(message)?.[1];
  if (missing !== undefined && !/^[./\\]|^[A-Za-z]:/.test(missing)) {
    return `install "${missing}", or mend the name`;
  }
  // Case: Cannot find package 'x' imported from /app/vite.config.ts
  const absent = /Cannot find (?:package|module) ["']([^"']+)["']/.exec(message)?.[1];
  return absent === undefined ? undefined : `install "${absent}", which vite.config imports`;
}

/** Says why Vite could not build. What was built before is untouched. */
export function describeBuildFailure(
  failure: Extract<BuildMessage, { event: "failed" }>,
  root: string,
): BuildError {
  const { message, file, line, column, frame } = failure;
  // Our own words are whole; Vite's follow what we wanted to do.
  const isOurs = message.startsWith("Cannot build ");
  const [first = "", ...more] = message.split("\n").filter((each) => !NOISE_REGEXP.test(each));
  const place = file === undefined || message.includes(file) ? [] : [
    `  in ${relative(root, file) || file}${line === undefined ? "" : `:${line}:${column ?? 1}`}`,
  ];
  const quoted = frame === undefined || message.includes(frame) ? [] : frame.split("\n");
  const reason = first.replace(CODE_REGEXP, "");
  const lines = [isOurs ? first : `Cannot build ${WHAT[failure.target]}: ${reason}`];
  return new BuildError(
    [...lines, ...more.map((each) => `  ${each}`), ...place, ...quoted.map((each) => `  ${each}`)]
      .join("\n"),
    failure.hint ?? hintFor(message),
  );
}

/** Says that the process ended without a word about why. */
export function explainBuildEnd(
  end: { readonly how: string; readonly tail: readonly string[] },
): BuildError {
  const words = end.tail.filter((line) => line.trim() !== "").slice(-5);
  return new BuildError(
    [
      `Cannot build the front end: Vite's process is gone, ${end.how}`,
      ...words.map((line) => `  ${line}`),
    ]
      .join("\n"),
    "run it again with --verbose",
  );
}
