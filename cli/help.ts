/**
 * The help texts.
 *
 * @module
 */
import { ARGUMENTS, type Command, COMMANDS, type FlagRule, flagsOf, GROUPS } from "./flags.ts";
import type { Style } from "./style.ts";

/** What a help text depends on. */
export interface HelpFacts {
  /** How the program is started, for examples to copy: `deno run -A jsr:@lv/sidecar`. */
  readonly program: string;
  readonly version: string;
  readonly style: Style;
}

const ABOUT: Readonly<Record<Command, string>> = {
  dev:
    `Starts Vite on a port that nobody needs to know, and serves it together with your app on one port.
Without an app it serves the front end alone.`,
  build:
    `Builds with the project's own Vite what the command serve serves: the files, their list, their compressed copies,
and with --ssr-entry what renders pages on the server. The last build's files stay for tabs that are open. A build that
fails changes nothing.`,
  serve:
    `Serves what the command build made, and your app, on one port. Neither Vite nor Node is needed.
The page, the files and the tags are those of the build; GET /healthz and /readyz tell how the server is.`,
  child:
    `Runs Vite on 127.0.0.1 for a backend that forwards to it, prints {"port":49152,"ready":true} on standard
output, and ends when standard input closes. VITE_INTERNAL_PORT chooses its port (0 takes a free one),
VITE_CLIENT_PORT tells it the port of the backend.`,
  "generate-types":
    `Writes TypeScript for the front end: route() and router with the names and parameters of all routes, the types of
what they carry, and the props of pages. What is described is found: the table of --entry, the document of --backend,
a routes.json or openapi.json. A source that can't be read changes nothing, and the command fails.`,
  "export-routes":
    `Writes a routes.json: of the table of --entry, or of an OpenAPI document. Another program, or another machine, can
then generate types without running the server.`,
  init:
    `Makes a folder with a project that runs: a front end, a server, tests, a README. At a terminal it asks for what is not
said; all or nothing is written, and a file that is there stays as it is without --overwrite.`,
  install:
    `Runs the package manager that wrote the lock file; without one that of --executor: npm, bun or deno.`,
  update: `As install, for newer versions within the ranges of package.json.`,
  status:
    `Shows each option and where it comes from (flag, variable, file, default), whether a sidecar of this root runs and how
Vite and the app are, whether generated types and the build are as new as their sources, and the versions of everything.`,
  doctor:
    `Looks at packages, runtimes, options, vite.config (as Vite itself reads it), the build, generated types and the machine,
and says of each thing that is wrong why, where, and what to do. --fix mends what is safe to mend.`,
  "export-schema":
    `Writes an openapi.json: of the table of --entry, or of Hono's with @hono/zod-openapi, or what --backend publishes.`,
};

const EXAMPLES: Readonly<Record<Command, readonly string[]>> = {
  dev: [
    "dev",
    "dev --backend http://127.0.0.1:8001",
    'dev --backend-command "litestar --app app:app run --port {port}"',
    "dev --entry server.ts",
  ],
  build: [
    "build",
    "build --asset-url https://cdn.example.com/static/",
    "build --ssr-entry src/server.ts",
  ],
  serve: ["serve --entry server.ts --port 8000", "serve --backend http://127.0.0.1:8001"],
  child: ["child --root frontend"],
  "generate-types": [
    "generate-types --entry server.ts",
    "generate-types --openapi http://127.0.0.1:8001/schema/openapi.json --sdk --zod",
    "generate-types --routes routes.json --output src/routes --check",
  ],
  "export-routes": ["export-routes --entry server.ts --output routes.json"],
  init: [
    "init",
    "init my-app --template vue --backend hono --tailwind",
    "init my-app --template react-inertia --backend litestar --no-install",
  ],
  install: ["install", "install --root frontend"],
  update: ["update"],
  status: ["status", "status --root frontend --json"],
  doctor: ["doctor", "doctor --fix", "doctor --check --json", "doctor --runtime"],
  "export-schema": ["export-schema --entry server.ts --output openapi.json"],
};

/** Renders the help of the program, or of one command. */
export function renderHelp(command: Command | undefined, facts: HelpFacts): string {
  return command === undefined ? renderProgram(facts) : renderCommand(command, facts);
}

function renderProgram({ program, version, style }: HelpFacts): string {
  const commands = Object.entries(COMMANDS).map(([name, summary]) => [name, summary] as const);
  return [
    `${style.bold("@lv/sidecar")} ${style.dim(version)}`,
    "Your app, Vite and hot module replacement on one port.",
    "",
    style.bold("Usage"),
    `  ${program} <command> [flags]`,
    "",
    style.bold("Commands"),
    ...renderTable([...commands, ["help", "Show the flags of a command: help dev"]], style),
    "",
    style.bold("Examples"),
    ...EXAMPLES.dev.map((example) => `  ${program} ${example}`),
    "",
  ].join("\n");
}

function renderCommand(command: Command, { program, style }: HelpFacts): string {
  const flags = flagsOf(command);
  const width = Math.max(...flags.map((flag) => showFlag(flag).length));
  const groups = Object.entries(GROUPS).flatMap(([group, heading]) => {
    const rows = flags.filter((flag) => flag.group === group)
      .map((flag) => [showFlag(flag), flag.summary] as const);
    return rows.length === 0 ? [] : [style.bold(heading), ...renderTable(rows, style, width), ""];
  });
  const argument = ARGUMENTS[command];
  const rest = argument === undefined ? "[flags]" : `[${argument}] [flags]`;
  return [
    `${style.bold(`${program} ${command}`)} ${style.dim(rest)}`,
    "",
    ABOUT[command],
    "",
    ...groups,
    style.bold("Examples"),
    ...EXAMPLES[command].map((example) => `  ${program} ${example}`),
    "",
    style.dim(
      "A switch is taken back with --no-, as --no-open. Flags beat environment variables, those beat",
    ),
    style.dim("sidecar.config.ts in the root. The variables are in docs/configuration.md."),
    "",
  ].join("\n");
}

function showFlag({ flag, value }: FlagRule): string {
  return value === undefined ? flag : `${flag} ${value}`;
}

function renderTable(
  rows: readonly (readonly [name: string, summary: string])[],
  style: Style,
  width = Math.max(...rows.map(([name]) => name.length)),
): string[] {
  // Padded before it is coloured: the codes have a length, too.
  return rows.map(([name, summary]) => `  ${style.cyan(name.padEnd(width))}  ${summary}`);
}
