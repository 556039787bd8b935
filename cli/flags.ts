/**
 * The commands and their flags.
 *
 * @module
 */
import type { OptionName } from "../sidecar/config_schema.ts";

/** What the program can do. */
export type Command =
  | ("dev" | "build" | "serve" | "child")
  | ("generate-types" | "export-routes" | "export-schema")
  | ("init" | "install" | "update")
  | ("status" | "doctor");

/** A flag. */
export interface FlagRule {
  /** Its name with the hyphens. */
  readonly flag: string;
  /** `text` takes a value, `list` one and may be repeated, `switch` takes none and has a `--no-` twin. */
  readonly kind: "text" | "list" | "switch";
  /** The option that it stands for, if it stands for one. */
  readonly option?: OptionName;
  /** What to write for the value in the help. */
  readonly value?: string;
  /** One line of help. */
  readonly summary: string;
  /** The heading that it stands under in the help. */
  readonly group:
    | "project"
    | "app"
    | "port"
    | "types"
    | "build"
    | "vite"
    | "access"
    | "doctor"
    | "output";
  readonly commands: readonly Command[];
}

/** The commands with one line of help each. */
export const COMMANDS: Readonly<Record<Command, string>> = {
  dev: "Serve the app and Vite on one port",
  build: "Build the front end, and what renders it on the server",
  serve: "Serve the app and what was built, without Vite",
  child: "Run Vite for a backend that owns the port",
  "generate-types": "Generate types and URLs of the server's routes for the front end",
  "export-routes": "Write the server's routes as JSON",
  "export-schema": "Write the server's OpenAPI document as JSON",
  init: "Make a new project: front end, backend, tests",
  install: "Install the front end's packages",
  update: "Update the front end's packages within their ranges",
  status: "Show what is configured, what runs, and what is out of date",
  doctor: "Find what is wrong with a project, and mend what can be mended",
};

/** What this program is going to do one day; until then it says so. */
export const PLANNED_COMMANDS: readonly string[] = [
  "check",
  "deploy",
  "new",
  "preview",
  "start",
];

/** The headings of the help. */
export const GROUPS: Readonly<Record<FlagRule["group"], string>> = {
  project: "The new project",
  app: "What answers beside Vite (at most one)",
  port: "Where",
  types: "From what, and what",
  build: "The build",
  vite: "Vite",
  access: "Who may connect",
  doctor: "What is done about it",
  output: "Output",
};

const DEV: readonly Command[] = ["dev"];
/** What listens. */
const SERVERS: readonly Command[] = ["dev", "serve"];
/** What serves sources with Vite. */
const VITE: readonly Command[] = ["dev", "child"];
/** What starts Vite. */
const STARTERS: readonly Command[] = ["dev", "build", "child"];
/** What knows where a build is. */
const BUILT: readonly Command[] = ["build", "serve"];
const BUILD: readonly Command[] = ["build"];
const GENERATE: readonly Command[] = ["generate-types"];
/** What reads what a server says of its routes. */
const READERS: readonly Command[] = ["generate-types", "export-routes", "export-schema"];
const INIT: readonly Command[] = ["init"];
/** What runs a package manager. */
const PACKAGES: readonly Command[] = ["install", "update"];
/** What looks at a project, and changes nothing by itself. */
const LOOKERS: readonly Command[] = ["status", "doctor"];
const DOCTOR: readonly Command[] = ["doctor"];
/** What reads options. */
const CONFIGURED: readonly Command[] = [
  ...["dev", "build", "serve", "child"] as const,
  ...READERS,
  ...PACKAGES,
  ...LOOKERS,
];
const ALL: readonly Command[] = [...CONFIGURED, ...INIT];

/** The word that stands behind a command without a flag, by the command. */
export const ARGUMENTS: Readonly<Partial<Record<Command, string>>> = { init: "name" };

/** All flags, in the order of the help. */
export const FLAG_RULES: readonly FlagRule[] = [
  {
    flag: "--template",
    kind: "text",
    value: "NAME",
    summary: "The front end: react, vue, svelte, htmx, vanilla, … [react]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--backend",
    kind: "text",
    value: "NAME",
    summary: "What answers it: deno, bun, hono or litestar [what runs this]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--tailwind",
    kind: "switch",
    summary: "With Tailwind",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--typescript",
    kind: "switch",
    summary: "TypeScript [yes; --no-typescript for JavaScript]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--zod",
    kind: "switch",
    summary: "What the API answers, checked by zod",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--sdk",
    kind: "switch",
    summary: "A client of the API, generated from its description",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--ssr",
    kind: "switch",
    summary: "Pages rendered on the server, where the template can",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--executor",
    kind: "text",
    value: "NAME",
    summary: "What runs Vite, and installs packages: node, bun or deno [node if there is one]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--port",
    kind: "text",
    value: "NUMBER",
    summary: "The port of the project [8000]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--git",
    kind: "switch",
    summary: "Begin a repository [yes; --no-git]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--install",
    kind: "switch",
    summary: "Install packages [yes; --no-install]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--overwrite",
    kind: "switch",
    summary: "Replace files that are there",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--dry-run",
    kind: "switch",
    summary: "Show the files, write nothing",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--interactive",
    kind: "switch",
    summary: "Ask for what is left open [at a terminal; --no-interactive]",
    group: "project",
    commands: INIT,
  },
  {
    flag: "--backend",
    kind: "text",
    option: "backend",
    value: "URL",
    summary: "A backend that runs already, as http://127.0.0.1:8001",
    group: "app",
    commands: [...SERVERS, ...READERS, ...LOOKERS],
  },
  {
    flag: "--backend-command",
    kind: "text",
    option: "backendCommand",
    value: "COMMAND",
    summary: "Start the backend; {port} becomes a free port. No shell",
    group: "app",
    commands: [...SERVERS, ...LOOKERS],
  },
  {
    flag: "--entry",
    kind: "text",
    option: "entry",
    value: "FILE",
    summary: "A module with createApp, or export default { fetch }",
    group: "app",
    commands: [...SERVERS, ...READERS, ...LOOKERS],
  },
  {
    flag: "--root",
    kind: "text",
    option: "root",
    value: "FOLDER",
    summary: "The folder of vite.config and package.json [.]",
    group: "port",
    commands: CONFIGURED,
  },
  {
    flag: "--host",
    kind: "text",
    option: "host",
    value: "ADDRESS",
    summary: "The address to listen on [127.0.0.1]",
    group: "port",
    commands: [...SERVERS, ...LOOKERS],
  },
  {
    flag: "--port",
    kind: "text",
    option: "port",
    value: "NUMBER",
    summary: "The port to listen on; 0 takes a free one [8000]",
    group: "port",
    commands: [...SERVERS, ...LOOKERS],
  },
  {
    flag: "--open",
    kind: "switch",
    option: "open",
    summary: "Open a browser when everything answers",
    group: "port",
    commands: SERVERS,
  },
  {
    flag: "--routes",
    kind: "text",
    value: "FILE|URL",
    summary: "A routes.json of litestar-vite or Ziggy [as it is found]",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--openapi",
    kind: "text",
    value: "FILE|URL",
    summary: "An OpenAPI document, JSON or YAML [as it is found]",
    group: "types",
    commands: READERS,
  },
  {
    flag: "--pages",
    kind: "text",
    value: "FILE|URL",
    summary: "An inertia-pages.json [the one beside the routes]",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--output",
    kind: "text",
    value: "FOLDER",
    summary: "Where the files go [src/generated]",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--output",
    kind: "text",
    value: "FILE",
    summary: "Where the document goes [standard output]",
    group: "types",
    commands: ["export-routes", "export-schema"],
  },
  {
    flag: "--zod",
    kind: "switch",
    summary: "Schemas for zod, by @hey-api/openapi-ts",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--sdk",
    kind: "switch",
    summary: "A client of the API, by @hey-api/openapi-ts",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--groups",
    kind: "switch",
    summary: "A file for each group of routes, a function for each route",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--global",
    kind: "switch",
    summary: "A module that puts route() on window",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--only",
    kind: "list",
    value: "PATTERN",
    summary: "Only these routes, as users.* or /api/*; repeatable",
    group: "types",
    commands: ["generate-types", "export-routes"],
  },
  {
    flag: "--except",
    kind: "list",
    value: "PATTERN",
    summary: "Not these; repeatable",
    group: "types",
    commands: ["generate-types", "export-routes"],
  },
  {
    flag: "--watch",
    kind: "switch",
    summary: "Go on, and generate again whenever a source changes",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--check",
    kind: "switch",
    summary: "Write nothing, and fail if what is there is not up to date",
    group: "types",
    commands: GENERATE,
  },
  {
    flag: "--fix",
    kind: "switch",
    summary: "Mend what can be mended; the files as they were stay in .sidecar-backup",
    group: "doctor",
    commands: DOCTOR,
  },
  {
    flag: "--check",
    kind: "switch",
    summary: "Fail if there are errors, for CI",
    group: "doctor",
    commands: DOCTOR,
  },
  {
    flag: "--runtime",
    kind: "switch",
    summary: "Look at what runs, too: the port, Vite, the backend, the HMR socket",
    group: "doctor",
    commands: DOCTOR,
  },
  {
    flag: "--asset-url",
    kind: "text",
    option: "assetUrl",
    value: "URL",
    summary: "Where built files are served [as built, else /static/]",
    group: "build",
    commands: BUILT,
  },
  {
    flag: "--bundle-dir",
    kind: "text",
    option: "bundleDir",
    value: "FOLDER",
    summary: "Where the build is put, and served from [dist]",
    group: "build",
    commands: [...BUILT, ...LOOKERS],
  },
  {
    flag: "--input",
    kind: "list",
    option: "input",
    value: "FILE",
    summary: "A source that pages load, as src/main.ts; repeatable [index.html]",
    group: "build",
    commands: BUILD,
  },
  {
    flag: "--manifest",
    kind: "text",
    option: "manifest",
    value: "FILE",
    summary: "The list of what was built, in the bundle's folder [.vite/manifest.json]",
    group: "build",
    commands: BUILT,
  },
  {
    flag: "--ssr-entry",
    kind: "text",
    option: "ssrEntry",
    value: "FILE",
    summary: "A module that renders pages, built after the front end",
    group: "build",
    commands: BUILD,
  },
  {
    flag: "--ssr-dir",
    kind: "text",
    option: "ssrDir",
    value: "FOLDER",
    summary: "Where that is put [dist-ssr]",
    group: "build",
    commands: BUILD,
  },
  {
    flag: "--integrity",
    kind: "switch",
    option: "integrity",
    summary: "Let browsers run nothing but what was built",
    group: "build",
    commands: BUILD,
  },
  {
    flag: "--precompress",
    kind: "switch",
    option: "precompress",
    summary: "Write compressed copies [yes; --no-precompress for none]",
    group: "build",
    commands: BUILD,
  },
  {
    flag: "--executor",
    kind: "text",
    option: "executor",
    value: "NAME",
    summary: "What runs Vite: node, bun or deno [node if there is one]",
    group: "vite",
    commands: [...STARTERS, ...PACKAGES, ...LOOKERS],
  },
  {
    flag: "--framework",
    kind: "text",
    option: "framework",
    value: "NAME",
    summary: "astro, sveltekit, nuxt, react-router, tanstack-start [found]",
    group: "vite",
    commands: ["dev", "build", "serve"],
  },
  {
    flag: "--mode",
    kind: "text",
    option: "mode",
    value: "NAME",
    summary: "Vite's mode [development; of a build, production]",
    group: "vite",
    commands: STARTERS,
  },
  {
    flag: "--base",
    kind: "text",
    option: "base",
    value: "PATH",
    summary: "Vite's dev base, as /static/ [as vite.config says]",
    group: "vite",
    commands: VITE,
  },
  {
    flag: "--direct",
    kind: "switch",
    option: "direct",
    summary: "Two ports: Vite listens itself and forwards to the backend",
    group: "vite",
    commands: DEV,
  },
  {
    flag: "--vite-url",
    kind: "text",
    option: "viteUrl",
    value: "URL",
    summary: "A Vite that runs already, as http://127.0.0.1:5173",
    group: "vite",
    commands: DEV,
  },
  {
    flag: "--start-timeout",
    kind: "text",
    option: "startTimeout",
    value: "TIME",
    summary: "How long Vite may take to start, as 500ms or 60s [30s]",
    group: "vite",
    commands: VITE,
  },
  {
    flag: "--allow-remote",
    kind: "switch",
    option: "allowRemote",
    summary: "Let --host be an address that other machines reach",
    group: "access",
    commands: DEV,
  },
  {
    flag: "--allowed-host",
    kind: "list",
    option: "allowedHosts",
    value: "HOST",
    summary: "Let this Host in, as app.test or .app.test; repeatable",
    group: "access",
    commands: [...SERVERS, "child"],
  },
  {
    flag: "--trusted-proxy",
    kind: "list",
    option: "trustedProxies",
    value: "ADDRESS",
    summary: "Believe X-Forwarded-* from here, as 10.0.0.0/8; repeatable",
    group: "access",
    commands: SERVERS,
  },
  {
    flag: "--verbose",
    kind: "switch",
    summary: "Log every request, and show the stack of an error",
    group: "output",
    commands: ALL,
  },
  {
    flag: "--quiet",
    kind: "switch",
    summary: "Log problems alone",
    group: "output",
    commands: ALL,
  },
  {
    flag: "--json",
    kind: "switch",
    summary: "Print one line of JSON on standard output when all is done",
    group: "output",
    commands: [...SERVERS, "build", "generate-types", ...LOOKERS],
  },
  {
    flag: "--help",
    kind: "switch",
    summary: "Show this",
    group: "output",
    commands: ALL,
  },
];

/** Whether a word is the name of a command. */
export function isCommand(word: string): word is Command {
  return Object.hasOwn(COMMANDS, word);
}

/** The flags of one command. */
export function flagsOf(command: Command): readonly FlagRule[] {
  return FLAG_RULES.filter(({ commands }) => commands.includes(command));
}
