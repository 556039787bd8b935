/**
 * Tells an error: what went wrong, why that may be, and what to type next.
 *
 * @module
 */
import type { Style } from "./style.ts";

/** How an error is told. */
export interface ErrorFacts {
  readonly style: Style;
  /** How the program is started. */
  readonly program: string;
  /** Whether to show stacks. */
  readonly verbose: boolean;
}

/** The fields of an error that we read; any of them may be missing. */
interface ErrorFields {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly hint?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
}

function fieldsOf(error: unknown): ErrorFields {
  // Whatever is thrown may have fields; they are checked one by one where they are used.
  return typeof error === "object" && error !== null
    ? error as ErrorFields
    : { message: String(error) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The next step for errors of the system. */
const HINT_FOR_CODE: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "end the program that uses the port, or choose another one: --port 0 takes any that is free",
  EACCES: "ports below 1024 need a privilege: choose a higher one with --port",
  EADDRNOTAVAIL: "this machine does not have that address: leave --host out, or use 127.0.0.1",
};

/**
 * Renders an error for a person: its message, then what to do. Every line ends with a line feed.
 *
 * An error may say in its field `hint` what to do; a message of several lines is several errors.
 */
export function renderError(error: unknown, { style, verbose }: ErrorFacts): string {
  const { message, code, hint, stack, cause } = fieldsOf(error);
  const problems = (textOf(message) ?? "Cannot go on: nobody said why").split("\n");
  const next = textOf(hint) ?? HINT_FOR_CODE[textOf(code) ?? ""];
  const lines = [
    ...problems.map((line, index) => `${index === 0 ? style.red("error:") : "      "} ${line}`),
    ...(next === undefined ? [] : [`  ${style.dim("next:")} ${next}`]),
    ...(verbose ? stackLines(stack, cause).map(style.dim) : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function stackLines(stack: unknown, cause: unknown): string[] {
  const own = (textOf(stack) ?? "").split("\n").slice(1);
  if (cause === undefined) return own;
  const { message, stack: causeStack, cause: next } = fieldsOf(cause);
  return [...own, `  caused by: ${textOf(message) ?? "?"}`, ...stackLines(causeStack, next)];
}

/** Renders wrong usage: every problem, then the command that helps. */
export function renderUsageError(
  problems: readonly string[],
  command: string | undefined,
  { style, program }: ErrorFacts,
): string {
  const help = command === undefined ? "--help" : `${command} --help`;
  const lines = [
    ...problems.map((problem) => `${style.red("error:")} ${problem}`),
    `  ${style.dim("next:")} ${program} ${help}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Renders a warning. */
export function renderWarning(message: string, style: Style): string {
  return `${style.yellow("warning:")} ${message}\n`;
}
