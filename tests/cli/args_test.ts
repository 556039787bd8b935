import { deepEqual, equal } from "node:assert/strict";
import { type Invocation, parseArguments } from "../../cli/args.ts";
import { COMMANDS, FLAG_RULES, PLANNED_COMMANDS } from "../../cli/flags.ts";
import { OPTION_NAMES } from "../../sidecar/config_schema.ts";
import { test } from "../_support/test.ts";

function run(...argv: string[]): Extract<Invocation, { kind: "run" }> {
  const invocation = parseArguments(argv);
  if (invocation.kind !== "run") throw new Error(JSON.stringify(invocation));
  return invocation;
}

function problems(...argv: string[]): readonly string[] {
  const invocation = parseArguments(argv);
  return invocation.kind === "wrong" ? invocation.problems : [];
}

const options = (...argv: string[]): unknown[] =>
  run(...argv).flags.map(({ flag, option, value }) => [flag, option, value]);

test("parseArguments() shows help where nothing is asked", () => {
  deepEqual(parseArguments([]), { kind: "help", command: undefined });
  deepEqual(parseArguments(["help"]), { kind: "help", command: undefined });
  deepEqual(parseArguments(["--help"]), { kind: "help", command: undefined });
  deepEqual(parseArguments(["-h"]), { kind: "help", command: undefined });
});

test("parseArguments() shows the help of a command", () => {
  deepEqual(parseArguments(["help", "dev"]), { kind: "help", command: "dev" });
  deepEqual(parseArguments(["child", "--help"]), { kind: "help", command: "child" });
  deepEqual(parseArguments(["dev", "--port", "80", "-h"]), { kind: "help", command: "dev" });
  deepEqual(parseArguments(["dev", "--nonsense", "--help"]), { kind: "help", command: "dev" });
});

test("parseArguments() knows the version", () => {
  for (const word of ["--version", "-V", "version"]) {
    deepEqual(parseArguments([word]), { kind: "version" });
  }
});

test("a command needs no flags", () => {
  deepEqual(run("dev"), { kind: "run", command: "dev", flags: [], json: false, verbose: false });
  equal(run("child").command, "child");
});

test("a value follows its flag, or stands behind =", () => {
  deepEqual(options("dev", "--port", "80"), [["--port", "port", "80"]]);
  deepEqual(options("dev", "--port=80"), [["--port", "port", "80"]]);
  deepEqual(options("dev", "--base="), [["--base", "base", ""]]);
  deepEqual(options("dev", "--backend-command=a=b --c"), [
    ["--backend-command", "backendCommand", "a=b --c"],
  ]);
  deepEqual(options("dev", "--root", "-"), [["--root", "root", "-"]]);
});

test("of a repeated flag the last counts", () => {
  deepEqual(options("dev", "--port", "80", "--port", "81"), [["--port", "port", "81"]]);
});

test("a list takes all its values", () => {
  deepEqual(options("dev", "--allowed-host", "a.test", "--allowed-host=.b.test"), [
    ["--allowed-host", "allowedHosts", ["a.test", ".b.test"]],
  ]);
});

test("a switch is on, off, or what it is told", () => {
  deepEqual(options("dev", "--open"), [["--open", "open", true]]);
  deepEqual(options("dev", "--no-open"), [["--no-open", "open", false]]);
  deepEqual(options("dev", "--open=no"), [["--no-open", "open", false]]);
  deepEqual(options("dev", "--no-direct", "--direct"), [["--direct", "direct", true]]);
});

test("--verbose and --quiet are one option", () => {
  deepEqual(options("dev", "--verbose"), [["--verbose", "logLevel", "verbose"]]);
  deepEqual(options("dev", "--quiet"), [["--quiet", "logLevel", "quiet"]]);
  equal(run("dev", "--verbose").verbose, true);
  deepEqual(options("dev", "--verbose", "--no-verbose"), []);
  deepEqual(problems("dev", "--verbose", "--quiet"), [
    'Cannot use "--quiet": "--verbose" excludes it, give one of them',
  ]);
});

test("--json is no option", () => {
  equal(run("dev", "--json").json, true);
  deepEqual(options("dev", "--json"), []);
});

test("every flag that has an option is read", () => {
  for (const { flag, kind, option, commands: [command = ""] } of FLAG_RULES) {
    if (option === undefined) continue;
    const read = options(command, ...(kind === "switch" ? [flag] : [flag, "x"]));
    const value = kind === "switch" ? true : kind === "list" ? ["x"] : "x";
    deepEqual(read, [[flag, option, value]], flag);
    equal(OPTION_NAMES.includes(option), true, option);
  }
});

test("dev has the flags that it promises", () => {
  const promised =
    "--root --host --port --backend --backend-command --entry --executor --framework --mode --direct --vite-url " +
    "--base --allow-remote --allowed-host --trusted-proxy --start-timeout --open --verbose --quiet --json --help";
  const flags = FLAG_RULES.filter(({ commands }) => commands.includes("dev")).map(({ flag }) =>
    flag
  );
  deepEqual(flags.sort(), promised.split(" ").sort());
});

test("build has the flags that it promises", () => {
  const promised =
    "--root --executor --framework --mode --asset-url --bundle-dir --input --manifest --ssr-entry --ssr-dir " +
    "--integrity --precompress --verbose --quiet --json --help";
  const flags = FLAG_RULES.filter(({ commands }) => commands.includes("build")).map(({ flag }) =>
    flag
  );
  deepEqual(flags.sort(), promised.split(" ").sort());
});

test("a flag without its value is wrong", () => {
  deepEqual(problems("dev", "--port"), [
    'Cannot use "--port" without a value: write "--port NUMBER"',
  ]);
  deepEqual(problems("dev", "--port", "--open"), [
    'Cannot use "--port" without a value: write "--port NUMBER"',
  ]);
});

test("a switch with a strange value is wrong", () => {
  deepEqual(problems("dev", "--open=maybe"), [
    'Cannot use "maybe" as the flag "--open": it must be true or false',
  ]);
  deepEqual(problems("dev", "--no-open=true"), [
    'Cannot use "--no-open" as a flag of "dev": it is not known, the nearest is "--open"',
  ]);
});

test("an unknown flag is told with the nearest one", () => {
  deepEqual(problems("dev", "--prot", "80"), [
    'Cannot use "--prot" as a flag of "dev": it is not known, the nearest is "--port"',
  ]);
  deepEqual(problems("dev", "--backend-cmd=x"), [
    'Cannot use "--backend-cmd" as a flag of "dev": it is not known, the nearest is "--backend"',
  ]);
  deepEqual(problems("dev", "-p", "80"), ['Cannot use "-p" as a flag of "dev": it is not known']);
  deepEqual(problems("dev", "--no-port"), [
    'Cannot use "--no-port" as a flag of "dev": it is not known, the nearest is "--port"',
  ]);
});

test("child does not take the flags of dev that mean nothing to it", () => {
  deepEqual(problems("child", "--port", "80"), [
    'Cannot use "--port" as a flag of "child": it is not known',
  ]);
  equal(problems("child", "--backend=http://a").length, 1);
});

test("a word that is no flag is told what to do", () => {
  deepEqual(problems("dev", "frontend"), [
    'Cannot use "frontend" as an argument of "dev": it takes flags alone; the front end\'s folder is given as ' +
    '--root "frontend"',
  ]);
});

const KNOWN = Object.keys(COMMANDS).map((name) => `"${name}"`).join(", ")
  .replace(/, ([^,]*)$/, " and $1");

test("an unknown command is told with those that there are", () => {
  deepEqual(parseArguments(["dve"]), {
    kind: "wrong",
    command: undefined,
    problems: [`Cannot use "dve" as a command: there are ${KNOWN}; did you mean "dev"`],
  });
  deepEqual(problems("help", "x"), [`Cannot use "x" as a command: there are ${KNOWN}`]);
  deepEqual(problems("--port", "80"), [
    'Cannot use "--port" as a command: flags stand behind the command, as in "dev --port"',
  ]);
  deepEqual(problems("constructor"), [
    `Cannot use "constructor" as a command: there are ${KNOWN}`,
  ]);
});

test("a command that is planned says so", () => {
  for (const command of PLANNED_COMMANDS) {
    equal(Object.hasOwn(COMMANDS, command), false, command);
    deepEqual(problems(command, "--x"), [
      `Cannot use "${command}" as a command: it is not there yet, there are ${KNOWN}`,
    ]);
  }
});

test("all that is wrong is told at once", () => {
  equal(problems("dev", "--prot", "x", "y", "--port", "--open=z").length, 4);
});
