/**
 * The options of the Vite plugin: checked, and together with what `.litestar.json` says.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type BridgeFile, hotFileOfBridge } from "./bridge_file.ts";

/** Files whose change makes browsers load the page anew. */
export interface RefreshOptions {
  /** Patterns, relative to the root: `../templates/**`, `views/*.{html,jinja}`. */
  readonly paths: string | readonly string[];
  /** How long to wait, in milliseconds: a backend that starts anew takes its time. @default 0 */
  readonly delay?: number | undefined;
}

/** Options of the plugin; all are optional, and paths count from Vite's root. */
export interface SidecarPluginOptions {
  /** The sources that pages and templates load. @default "index.html" */
  readonly input?: string | readonly string[] | undefined;
  /** Where built files are served: a path, or the whole URL of a CDN; the variable `ASSET_URL` beats it. @default "/static/" */
  readonly assetUrl?: string | undefined;
  /** Where built files are put. @default "dist" */
  readonly bundleDir?: string | undefined;
  /** The list of what was built, relative to `bundleDir`. @default ".vite/manifest.json" */
  readonly manifest?: string | undefined;
  /** A module that renders pages on the server. @default undefined */
  readonly ssrEntry?: string | undefined;
  /** Where what is built of it is put. @default "dist-ssr" */
  readonly ssrDir?: string | undefined;
  /** The folder of the sources, which `@` stands for in imports. @default "src" */
  readonly sourceDir?: string | undefined;
  /** Whether `@` stands for it; an alias of that name in `vite.config` beats it. @default true */
  readonly alias?: boolean | undefined;
  /** The file that tells a backend where Vite listens, if Vite listens itself; `false` for none. @default "public/hot" */
  readonly hotFile?: string | false | undefined;
  /** Files whose change makes browsers load the page anew; `true` for all that look like templates. @default false */
  readonly refresh?:
    | boolean
    | string
    | readonly string[]
    | RefreshOptions
    | readonly RefreshOptions[]
    | undefined;
  /**
   * Whether Vite, if it listens itself, does so with a certificate of this machine: `true` for the root's own name with
   * `.test`, or a host name. Looked for in `.config/certs`, and where Laravel Valet and Herd keep theirs.
   *
   * @default false
   */
  readonly detectTls?: boolean | string | undefined;
  /** What `virtual:lv-static-props` exports; plain JSON, for every visitor to see. @default what `.litestar.json` says */
  readonly staticProps?: Readonly<Record<string, unknown>> | undefined;
  /** Where the types of that are written. @default "src/generated" */
  readonly generatedDir?: string | undefined;
}

/** Options that are whole; paths are absolute but those of `manifest`. */
export interface ResolvedPluginOptions {
  readonly input: readonly string[] | undefined;
  /** In development; from slash to slash or a whole URL. */
  readonly assetUrl: string;
  /** Of a build. */
  readonly buildUrl: string;
  readonly bundleDir: string;
  readonly manifest: string | undefined;
  readonly ssrEntry: string | undefined;
  readonly ssrDir: string;
  readonly sourceDir: string;
  readonly hasAlias: boolean;
  /** `undefined` leaves it to Vite. */
  readonly publicDir: string | undefined;
  readonly hotFile: string | undefined;
  readonly refresh: readonly Required<RefreshOptions>[];
  /** The host name of the certificate. */
  readonly tlsHost: string | undefined;
  readonly staticProps: Readonly<Record<string, unknown>> | undefined;
  readonly generatedDir: string;
  /** Whether the app renders the pages, whatever lies in the root. */
  readonly isTemplate: boolean;
}

/** The places of litestar-vite's options that have another name here, or none. */
const MOVED: Readonly<Record<string, string>> = {
  ssr: 'it is called "ssrEntry" here',
  ssrOutDir: 'it is called "ssrDir" here',
  resourceDir: 'it is called "sourceDir" here',
  resourceDirectory: 'it is called "sourceDir" here',
  bundleDirectory: 'it is called "bundleDir" here',
  staticDir: "it is Vite's own option publicDir, beside plugins",
  deployAssetUrl: "give the build the variable ASSET_URL, or --asset-url",
  autoDetectIndex: "take it out: an index.html in the root is found",
  inertiaMode: "take it out: pages come through the one port",
  transformOnServe: "take it out: URLs in development need no origin",
  types: 'take it out: the command "generate-types" writes them',
  executor: "take it out: it is an option of the program, --executor",
};

const TEXTS = [
  ...["assetUrl", "bundleDir", "manifest", "ssrEntry", "ssrDir", "sourceDir", "generatedDir"],
] as const;

/** What each option is to be, in words behind "it must be". */
const ALLOWED: Readonly<Record<keyof SidecarPluginOptions, string>> = {
  ...Object.fromEntries(TEXTS.map((name) => [name, "a text that is not empty"])),
  input: "a path, or a list of paths",
  alias: "true or false",
  hotFile: "a path, or false",
  refresh: "true or false, a pattern, a list of patterns, or { paths, delay }",
  detectTls: "true or false, or a host name",
  staticProps: "an object of plain JSON",
  // The keys of the first part are not seen by the type of fromEntries().
} as Record<keyof SidecarPluginOptions, string>;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isRefresh(value: unknown): boolean {
  if (!isObject(value)) return false;
  // Any object can be asked for any name.
  const { paths, delay } = value as { readonly paths?: unknown; readonly delay?: unknown };
  const isDelay = delay === undefined || (typeof delay === "number" && delay >= 0);
  return isDelay && (isText(paths) || isTexts(paths));
}

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries(TEXTS.map((name) => [name, isText])),
  input: (value) => isText(value) || isTexts(value),
  alias: (value) => typeof value === "boolean",
  hotFile: (value) => value === false || isText(value),
  refresh: (value) =>
    typeof value === "boolean" || isText(value) || isTexts(value) || isRefresh(value) ||
    (Array.isArray(value) && value.every(isRefresh)),
  detectTls: (value) => typeof value === "boolean" || isText(value),
  staticProps: isObject,
};

/** Says all that is wrong with options; whoever writes JavaScript has no type checker. */
function problemsOf(options: object): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const moved = Object.hasOwn(MOVED, name) ? MOVED[name] : undefined;
    if (moved !== undefined) {
      return [`Cannot use "${name}" as an option of the Vite plugin: ${moved}`];
    }
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (check === undefined) {
      return [
        `Cannot use "${name}" as an option of the Vite plugin: there are ${
          Object.keys(ALLOWED).sort().join(", ")
        }`,
      ];
    }
    // The name has a check, so it has words too.
    const allowed = ALLOWED[name as keyof SidecarPluginOptions];
    return check(value) ? [] : [
      `Cannot use ${JSON.stringify(value) ?? String(value)} as the option "${name}" of the Vite ` +
      `plugin: it must be ${allowed}`,
    ];
  });
}

/**
 * Checks what the plugin was given; entries may be given alone.
 *
 * @throws {TypeError} If an option is not known or has the wrong shape; a line for each.
 */
export function checkPluginOptions(
  given: SidecarPluginOptions | string | readonly string[],
): SidecarPluginOptions {
  // A list is an object, too.
  const options = typeof given === "string" || Array.isArray(given)
    ? { input: given as string | readonly string[] }
    : given as SidecarPluginOptions;
  const problems = problemsOf(options);
  if (problems.length > 0) throw new TypeError(problems.join("\n"));
  return options;
}

/** What {@linkcode resolvePluginOptions} works with. */
export interface PluginFacts {
  readonly options: SidecarPluginOptions;
  readonly bridge: BridgeFile;
  /** Absolute path. */
  readonly root: string;
  /** The variable `ASSET_URL`. */
  readonly assetUrl: string | undefined;
}

/** What looks like a template in a project's root. */
const TEMPLATE_PATTERN =
  "**/*.{html,htm,jinja,jinja2,j2,njk,hbs,ejs,eta,liquid,mustache,pug,vto,mako}";

/** Fills in what was not given: of `.litestar.json`, else the defaults. */
export function resolvePluginOptions(facts: PluginFacts): ResolvedPluginOptions {
  const { options, bridge, root } = facts;
  const own = options.assetUrl ?? bridge.assetUrl ?? "/static/";
  const bundleDir = resolve(root, options.bundleDir ?? bridge.bundleDir ?? "dist");
  const sourceDir = options.sourceDir ?? bridge.resourceDir ?? "src";
  const { input, detectTls = false } = options;
  const publicDir = bridge.staticDir ??
    // Vite's folder of files that are copied as they are can't be the one that they are copied to.
    (bundleDir === resolve(root, "public") ? join(sourceDir, "public") : undefined);
  return {
    input: typeof input === "string" ? [input] : input,
    assetUrl: withSlash(facts.assetUrl ?? own),
    buildUrl: withSlash(facts.assetUrl ?? options.assetUrl ?? bridge.deployAssetUrl ?? own),
    bundleDir,
    manifest: options.manifest ?? bridge.manifest,
    ssrEntry: options.ssrEntry,
    ssrDir: resolve(root, options.ssrDir ?? bridge.ssrOutDir ?? "dist-ssr"),
    sourceDir: resolve(root, sourceDir),
    hasAlias: options.alias ?? true,
    publicDir: publicDir === undefined ? undefined : resolve(root, publicDir),
    hotFile: hotFileOf(facts, bundleDir),
    refresh: refreshOf(options.refresh),
    tlsHost: detectTls === true ? `${nameOf(root)}.test` : detectTls || undefined,
    staticProps: options.staticProps ?? bridge.staticProps,
    generatedDir: resolve(root, options.generatedDir ?? bridge.generatedDir ?? "src/generated"),
    isTemplate: bridge.mode === "template",
  };
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function nameOf(root: string): string {
  return root.split(/[/\\]/).findLast((part) => part !== "") ?? "localhost";
}

function hotFileOf({ options, bridge, root }: PluginFacts, bundleDir: string): string | undefined {
  if (options.hotFile === false) return undefined;
  if (options.hotFile !== undefined) return resolve(root, options.hotFile);
  return hotFileOfBridge(bridge, root, bundleDir) ?? resolve(root, "public/hot");
}

function refreshOf(refresh: SidecarPluginOptions["refresh"]): readonly Required<RefreshOptions>[] {
  if (refresh === undefined || refresh === false) return [];
  if (refresh === true) return [{ paths: [TEMPLATE_PATTERN], delay: 0 }];
  // A list of texts is one rule, a list of rules several; checkPluginOptions() has seen that it is either.
  const list =
    (Array.isArray(refresh) ? refresh : [refresh]) as readonly (string | RefreshOptions)[];
  const texts = list.filter((each) => typeof each === "string");
  const rules = list.filter((each) => typeof each !== "string");
  return [...(texts.length === 0 ? [] : [{ paths: texts }]), ...rules].map((
    { paths, ...rule },
  ) => ({
    paths: typeof paths === "string" ? [paths] : paths,
    delay: "delay" in rule ? rule.delay ?? 0 : 0,
  }));
}

/**
 * Says where the options differ from what `.litestar.json` says: the backend goes by the file.
 *
 * @param place The file, for messages.
 */
export function bridgeDisagreements(facts: PluginFacts, place: string): string[] {
  const { options, bridge, root } = facts;
  const path = (value: string): string => resolve(root, value);
  const pairs = [
    ["assetUrl", options.assetUrl, bridge.assetUrl, withSlash],
    ["bundleDir", options.bundleDir, bridge.bundleDir, path],
    ["sourceDir", options.sourceDir, bridge.resourceDir, path],
    ["ssrDir", options.ssrDir, bridge.ssrOutDir, path],
    ["manifest", options.manifest, bridge.manifest, (value: string) => value],
  ] as const;
  return pairs.flatMap(([name, ours, theirs, normalize]) =>
    ours === undefined || theirs === undefined || normalize(ours) === normalize(theirs) ? [] : [
      `vite.config says ${name} "${ours}", and "${place}" says "${theirs}": "${ours}" counts here, and ` +
      "the backend goes by the file",
    ]
  );
}

/** Where a certificate for a host may be, the first that is there counts. */
export function certificateFolders(root: string, home: string): readonly string[] {
  return [
    join(root, ".config/certs"),
    join(home, ".config/herd/config/valet/Certificates"),
    join(home, "Library/Application Support/Herd/config/valet/Certificates"),
    join(home, ".config/valet/Certificates"),
    join(home, ".valet/Certificates"),
  ];
}
