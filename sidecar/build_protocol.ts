/**
 * What is said between us and the process that builds: one line of JSON goes in, lines of JSON with our nonce come out.
 *
 * @module
 */
import {
  type GeneratedFile,
  parseViteConfigAnswers,
  type ViteConfigAnswers,
  type ViteError,
} from "./vite_protocol.ts";

/** What is built: for browsers, or to render pages on the server. */
export type BuildTarget = "client" | "ssr";

/** What the process is told. */
export interface BuildRequest {
  /** Marks the lines that are the process's own. */
  readonly nonce: string;
  /** Absolute path: its working directory. */
  readonly root: string;
  /** @default As Vite says: "production". */
  readonly mode?: string | undefined;
  /** What Vite itself logs. */
  readonly logLevel: "info" | "warn" | "error";
  /** Absolute paths: where the files go first. */
  readonly clientStaging: string;
  readonly ssrStaging: string;
  /** What the user told us; beats `vite.config`. Folders are absolute. */
  readonly given: BuildAnswers;
  /** What counts where neither we nor `vite.config` were told. */
  readonly defaults: BuildAnswers & { readonly base: string; readonly publicDir?: string };
  /** Virtual modules: their code by their ids. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Files to write before, by absolute path; those that are as they should be stay untouched. */
  readonly files?: readonly GeneratedFile[];
}

/** What a build has to know. */
export interface BuildAnswers {
  /** Vite's base: where the files are served. */
  readonly base?: string | undefined;
  /** Where the files for browsers are in the end. */
  readonly bundleDir?: string | undefined;
  /** The manifest, relative to it. */
  readonly manifest?: string | undefined;
  /** Entries, relative to the root. */
  readonly input?: readonly string[] | undefined;
  readonly ssrEntry?: string | undefined;
  readonly ssrDir?: string | undefined;
}

/** One build that has worked; its files are still where they were written first. */
export interface BuiltTarget {
  readonly target: BuildTarget;
  /** Absolute path: where they are to be. */
  readonly outDir: string;
  /** `build.emptyOutDir`, where somebody says it. */
  readonly emptyOutDir: boolean | undefined;
  /** The resolved root, which `vite.config` may set. */
  readonly root: string;
  /** `null` where `experimental.renderBuiltUrl` makes the URLs. */
  readonly base: string | null;
  readonly assetsDir: string;
  /** Absolute path, or the empty string. */
  readonly publicDir: string;
  /** The manifest and the import map, relative to the folder. */
  readonly manifest: string | undefined;
  readonly importMap: string | undefined;
  readonly said: ViteConfigAnswers;
  /** Modules that look at `import.meta.env.BASE_URL`, a few of them. */
  readonly usesBase: readonly string[];
  /** Whether the root has no `index.html`: the app renders the pages. */
  readonly isPageless: boolean;
}

/** A message of the process. */
export type BuildMessage =
  | { readonly event: "building"; readonly target: BuildTarget; readonly version: string }
  | ({ readonly event: "built" } & BuiltTarget)
  | ({
    readonly event: "failed";
    readonly target: BuildTarget;
    readonly hint: string | undefined;
  } & ViteError)
  | { readonly event: "done" };

/** What the process of a framework's build is told. */
export interface FrameworkBuildRequest extends Pick<BuildRequest, "nonce" | "root"> {
  readonly framework: string;
  readonly package: string;
  readonly isBuild: true;
}

/** Renders the one line that the process reads. */
export function renderBuildRequest(request: BuildRequest | FrameworkBuildRequest): string {
  return `${JSON.stringify(request)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === "string";
const textOr = (value: unknown): string | undefined => isText(value) ? value : undefined;
const numberOr = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;
const booleanOr = (value: unknown): boolean | undefined =>
  typeof value === "boolean" ? value : undefined;
const fieldsOr = (value: unknown): Fields =>
  // Any object can be asked for any name.
  typeof value === "object" && value !== null ? value as Fields : {};
const isTarget = (value: unknown): value is BuildTarget => value === "client" || value === "ssr";

/**
 * Reads one line of the process's standard output.
 *
 * @returns `undefined` for everything but a whole message with this nonce.
 */
export function parseBuildLine(line: string, nonce: string): BuildMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  let fields: Fields;
  try {
    fields = fieldsOr(JSON.parse(line));
  } catch {
    return undefined;
  }
  return fields["lv"] === nonce ? parseFields(fields) : undefined;
}

function parseFields(fields: Fields): BuildMessage | undefined {
  const { event, target } = fields;
  if (event === "done") return { event };
  // What goes wrong before there is a target goes wrong with the first.
  if (event === "error") return parseFailure(fields, "client");
  if (!isTarget(target)) return undefined;
  if (event === "building") return { event, target, version: textOr(fields["version"]) ?? "" };
  if (event === "failed") return parseFailure(fields, target);
  return event === "built" ? parseBuilt(fields, target) : undefined;
}

function parseFailure(fields: Fields, target: BuildTarget): BuildMessage {
  return {
    event: "failed",
    target,
    message: textOr(fields["message"]) ?? "nobody says why",
    hint: textOr(fields["hint"]),
    frame: textOr(fields["frame"]),
    file: textOr(fields["file"]),
    line: numberOr(fields["line"]),
    column: numberOr(fields["column"]),
  };
}

function parseBuilt(fields: Fields, target: BuildTarget): BuildMessage | undefined {
  const { outDir, root, usesBase } = fields;
  if (!isText(outDir) || !isText(root)) return undefined;
  return {
    event: "built",
    target,
    outDir,
    root,
    emptyOutDir: booleanOr(fields["emptyOutDir"]),
    base: textOr(fields["base"]) ?? null,
    assetsDir: textOr(fields["assetsDir"]) ?? "assets",
    publicDir: textOr(fields["publicDir"]) ?? "",
    manifest: textOr(fields["manifest"]),
    importMap: textOr(fields["importMap"]),
    said: parseViteConfigAnswers(fields["said"]),
    usesBase: Array.isArray(usesBase) ? usesBase.filter(isText) : [],
    isPageless: fields["isPageless"] === true,
  };
}
