/**
 * What a template of `init` is: a front end, as data.
 *
 * @module
 */
import type { Executor } from "../sidecar/config_types.ts";

/** Who answers what the front end asks for. */
export type Backend = "deno" | "bun" | "hono" | "litestar";

/** The backends, in the order in which they are offered. */
export const BACKENDS: readonly Backend[] = ["deno", "bun", "hono", "litestar"];

/** How a new project finds this program and its libraries. */
export interface SidecarSource {
  /** The module that is run: `node_modules/@lv/sidecar/mod.js`, a path or a URL. */
  readonly program: string;
  /** What `package.json` says of `@lv/sidecar`, for example `npm:@jsr/lv__sidecar@^0.1.0`. */
  readonly dependency: string;
  /** Whether the program is that dependency, so that every project needs it. */
  readonly isProgram: boolean;
}

/** What a new project is to be. */
export interface Answers {
  /** Its name in `package.json`, checked by `parseProjectName`. */
  readonly name: string;
  readonly template: string;
  readonly backend: Backend;
  /** What runs the server, and this program. */
  readonly runtime: "deno" | "bun";
  /** What runs Vite. */
  readonly executor: Executor;
  readonly port: number;
  readonly typescript: boolean;
  readonly tailwind: boolean;
  readonly zod: boolean;
  readonly sdk: boolean;
  readonly ssr: boolean;
  readonly sidecar: SidecarSource;
}

/** Names of packages and their versions. */
export type Packages = Readonly<Record<string, string>>;

/** A plugin in `vite.config`. */
export interface VitePlugin {
  /** The line that imports it. */
  readonly import: string;
  /** The expression in the list of plugins. */
  readonly use: string;
}

/** A template's part of a project. What it leaves out is as the project has it without the template. */
export interface TemplateParts {
  /** Paths and texts. A text may have the slots of `fill_slots.ts`; a path is as it is written. */
  readonly files: Readonly<Record<string, string>>;
  readonly dependencies?: Packages;
  readonly devDependencies?: Packages;
  /** Plugins of `vite.config`; `undefined` where `files` has a configuration of the framework. */
  readonly vitePlugins?: readonly VitePlugin[];
  /** More of what `vite.config` exports, as `build: { … }`. */
  readonly viteConfig?: string;
  /** Options of `sidecar.config`, over those of the backend. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Fields of `package.json` beside name, scripts and dependencies. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** `tsconfig.json` as data; `undefined` where `files` has it, or nothing needs it. */
  readonly tsconfig?: Readonly<Record<string, unknown>>;
  /** The command that checks the front end's types. */
  readonly check?: string;
  /** Lines of `.gitignore` for what its tools write. */
  readonly ignored?: readonly string[];
  /** Whether the server imports `@lv/sidecar`. */
  readonly usesSidecar?: boolean;
  /** Whether the server is the template's own: none of the backend is added but its tools. */
  readonly ownServer?: boolean;
  /** The file that the README tells to edit first. */
  readonly edit: string;
}

/** A template. */
export interface Template {
  readonly name: string;
  /** One line for who chooses. */
  readonly title: string;
  /** The range of Node that its tools want, where that is more than Vite wants. */
  readonly node?: string;
  /** What makes the pages. */
  readonly kind: "spa" | "inertia" | "htmx" | "framework";
  /** Which of the answers make no sense with it, and what to do instead. */
  refusals(answers: Answers): readonly string[];
  parts(answers: Answers): TemplateParts;
}
