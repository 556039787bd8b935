/**
 * Reads the command line.
 *
 * @module
 */
import type { Flag } from "../sidecar/config.ts";
import { parseBoolean, parseList } from "../sidecar/config_text.ts";
import { nearestName } from "../sidecar/nearest_name.ts";
import {
  ARGUMENTS,
  type Command,
  COMMANDS,
  type FlagRule,
  flagsOf,
  isCommand,
  PLANNED_COMMANDS,
} from "./flags.ts";

/** What the user wants. */
export type Invocation =
  | { readonly kind: "help"; readonly command: Command | undefined }
  | { readonly kind: "version" }
  | {
    readonly kind: "run";
    readonly command: Command;
    /** The flags that stand for options. */
    readonly flags: readonly Flag[];
    /** Whether to print a line of JSON. */
    readonly json: boolean;
    /** Whether errors show their stack. */
    readonly verbose: boolean;
    /** The flags that only this command has, by their names without hyphens; not there if there are none. */
    readonly own?: OwnFlags;
  }
  | {
    readonly kind: "wrong";
    /** What is wrong, all of it. */
    readonly problems: readonly string[];
    /** The command that was meant, if that much is known. */
    readonly command: Command | undefined;
  };

/** Values of flags that are no options. */
export type OwnFlags = Readonly<Record<string, string | readonly string[] | boolean>>;

/** A flag as it was typed. */
interface Typed {
  readonly rule: FlagRule;
  /** The text of a value, or whether a switch is on. */
  readonly value: string | boolean;
}

const show = (text: string): string => JSON.stringify(text);

/**
 * Reads what was typed behind the name of the program.
 *
 * A value follows its flag as the next word or behind `=`; the last of several wins. Nothing is guessed: whatever is not
 * understood is a problem, and all of them are told at once.
 */
export function parseArguments(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    return helpFor(rest[0]);
  }
  if (first === "--version" || first === "-V" || first === "version") return { kind: "version" };
  if (!isCommand(first)) {
    return { kind: "wrong", problems: [unknownCommand(first)], command: undefined };
  }
  return readFlags(first, rest);
}

function helpFor(word: string | undefined): Invocation {
  if (word === undefined) return { kind: "help", command: undefined };
  if (isCommand(word)) return { kind: "help", command: word };
  return { kind: "wrong", problems: [unknownCommand(word)], command: undefined };
}

function unknownCommand(word: string): string {
  const action = `Cannot use ${show(word)} as a command`;
  const names = Object.keys(COMMANDS);
  const known = listed(names.map(show));
  if (word.startsWith("-")) {
    return `${action}: flags stand behind the command, as in "dev ${word}"`;
  }
  if (PLANNED_COMMANDS.includes(word)) {
    return `${action}: it is not there yet, there are ${known}`;
  }
  const nearest = nearestName(word, names);
  return `${action}: there are ${known}${
    nearest === undefined ? "" : `; did you mean "${nearest}"`
  }`;
}

/** Case: a, b, c -> "a, b and c" */
function listed(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " and $1");
}

function readFlags(command: Command, words: readonly string[]): Invocation {
  const rules = flagsOf(command);
  const typed: Typed[] = [];
  const problems: string[] = [];
  const argument = argumentOf(command);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const isGiven = typed.some(({ rule }) => rule === argument);
    if (argument !== undefined && !isGiven && !word.startsWith("-")) {
      typed.push({ rule: argument, value: word });
      continue;
    }
    const read = readFlag(command, rules, words, index);
    if (read.kind === "problem") problems.push(read.problem);
    else typed.push(read.typed);
    index += read.skip;
  }
  const isOn = (flag: string): boolean =>
    typed.findLast(({ rule }) => rule.flag === flag)?.value === true;
  if (isOn("--help")) return { kind: "help", command };
  if (isOn("--verbose") && isOn("--quiet")) {
    problems.push('Cannot use "--quiet": "--verbose" excludes it, give one of them');
  }
  if (problems.length > 0) return { kind: "wrong", problems, command };
  const logLevel = (["verbose", "quiet"] as const).filter((level) => isOn(`--${level}`))
    .map((level): Flag => ({ flag: `--${level}`, option: "logLevel", value: level }));
  return {
    kind: "run",
    command,
    flags: [...optionFlags(typed), ...logLevel],
    json: isOn("--json"),
    verbose: isOn("--verbose"),
    ...ownFlags(typed),
  };
}

type Read =
  | { readonly kind: "flag"; readonly typed: Typed; readonly skip: number }
  | { readonly kind: "problem"; readonly problem: string; readonly skip: number };

function problem(text: string, skip = 0): Read {
  return { kind: "problem", problem: text, skip };
}

/** Reads the flag at a place; `skip` is how many words behind it belong to it. */
function readFlag(
  command: Command,
  rules: readonly FlagRule[],
  words: readonly string[],
  index: number,
): Read {
  const word = words[index] ?? "";
  if (!word.startsWith("-")) return problem(strayWord(command, word));
  const [name = "", ...values] = word.split("=");
  const inline = values.length === 0 ? undefined : values.join("=");
  const flag = name === "-h" ? "--help" : name;
  const positive = rules.find((rule) => rule.flag === flag);
  if (positive !== undefined) return readValue(positive, inline, words[index + 1]);
  const negated = rules.find((rule) =>
    rule.kind === "switch" && flag === `--no-${rule.flag.slice(2)}`
  );
  if (negated !== undefined && inline === undefined) {
    return { kind: "flag", typed: { rule: negated, value: false }, skip: 0 };
  }
  // Its value, if it has one, is no problem of its own.
  const hasValue = inline === undefined && words[index + 1]?.startsWith("-") === false;
  return problem(unknownFlag(command, rules, name), hasValue ? 1 : 0);
}

function readValue(rule: FlagRule, inline: string | undefined, next: string | undefined): Read {
  const { flag, kind, value: placeholder = "" } = rule;
  if (kind === "switch") {
    const value = inline === undefined ? true : parseBoolean(inline);
    if (value !== undefined) return { kind: "flag", typed: { rule, value }, skip: 0 };
    return problem(
      `Cannot use ${show(inline ?? "")} as the flag "${flag}": it must be true or false`,
    );
  }
  if (inline !== undefined) return { kind: "flag", typed: { rule, value: inline }, skip: 0 };
  // A word with hyphens is the next flag; a value that starts so is written behind "=".
  if (next === undefined || next.startsWith("--")) {
    return problem(`Cannot use "${flag}" without a value: write "${flag} ${placeholder}"`);
  }
  return { kind: "flag", typed: { rule, value: next }, skip: 1 };
}

/** What stands behind the command without a flag, as if it had one. */
function argumentOf(command: Command): FlagRule | undefined {
  const name = ARGUMENTS[command];
  return name === undefined ? undefined : {
    flag: `--${name}`,
    kind: "text",
    summary: "",
    group: "project",
    commands: [command],
  };
}

function strayWord(command: Command, word: string): string {
  if (ARGUMENTS[command] !== undefined) {
    return `Cannot use ${show(word)} as an argument of "${command}": it takes one ${
      ARGUMENTS[command]
    }`;
  }
  return `Cannot use ${show(word)} as an argument of "${command}": it takes flags alone; ` +
    `the front end's folder is given as --root ${show(word)}`;
}

function unknownFlag(command: Command, rules: readonly FlagRule[], name: string): string {
  const nearest = nearestName(name, rules.map(({ flag }) => flag));
  const hint = nearest === undefined ? "" : `, the nearest is "${nearest}"`;
  return `Cannot use ${show(name)} as a flag of "${command}": it is not known${hint}`;
}

/** The flags that neither stand for an option nor say how to print. */
function ownFlags(typed: readonly Typed[]): { readonly own?: OwnFlags } {
  const own: Record<string, string | readonly string[] | boolean> = {};
  for (const { rule: { flag, kind, option, group }, value } of typed) {
    if (option !== undefined || group === "output") continue;
    const name = flag.slice(2);
    own[name] = kind === "list" ? [...listOf(own[name]), ...textsOf(value)] : value;
  }
  return Object.keys(own).length === 0 ? {} : { own };
}

function listOf(value: OwnFlags[string] | undefined): readonly string[] {
  return typeof value === "object" ? value : [];
}

function textsOf(value: string | boolean): readonly string[] {
  return typeof value === "string" ? parseList(value) : [];
}

/** The flags that stand for options: of a repeated one the last, of a list all its values. */
function optionFlags(typed: readonly Typed[]): Flag[] {
  const flags = new Map<string, Flag>();
  for (const { rule: { flag, kind, option }, value } of typed) {
    if (option === undefined) continue;
    const before = flags.get(flag)?.value;
    const isMore = kind === "list" && typeof before === "object" && typeof value === "string";
    const whole = kind === "list" && typeof value === "string"
      ? [...(isMore ? before : []), value]
      : value;
    flags.set(flag, {
      flag: value === false ? `--no-${flag.slice(2)}` : flag,
      option,
      value: whole,
    });
  }
  return [...flags.values()];
}
