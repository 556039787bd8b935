/**
 * The options of generated types, as a user gives them, and with all that they leave out.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { GenerateOptions } from "../codegen/options.ts";
import type { ApiClient } from "./api_request.ts";

export type { ApiClient } from "./api_request.ts";

/** Names and texts of {@linkcode TypesOptions} that go to the generator as they are. */
export type GeneratorOptions = Omit<
  GenerateOptions,
  "names" | "componentsFrom" | "operationTypes" | "routeTypes"
>;

/** Options of generated types; paths are relative to `root`. */
export interface TypesOptions extends GeneratorOptions {
  /** A `routes.json` of litestar-vite or Ziggy: a file or a URL. @default as `entry` has it, else as it is found */
  readonly routes?: string | undefined;
  /** An OpenAPI or Swagger document, JSON or YAML: a file or a URL. @default as `entry` or `backend` has it */
  readonly openapi?: string | undefined;
  /** An `inertia-pages.json`: a file or a URL. @default the one beside the routes */
  readonly pages?: string | undefined;
  /** The folder of the generated files. @default "src/generated" */
  readonly output?: string | undefined;
  /** Whether zod schemas are generated; needs `@hey-api/openapi-ts` and `zod`. @default false */
  readonly zod?: boolean | undefined;
  /** Whether a client of the API is generated; needs `@hey-api/openapi-ts`. @default false */
  readonly sdk?: boolean | undefined;
  /** Whether types of bodies and responses are generated. @default true where there is an OpenAPI document */
  readonly routeTypes?: boolean | undefined;
  /** What that client stands on. @default "fetch" */
  readonly client?: ApiClient | undefined;
  /** More plugins of `@hey-api/openapi-ts`, by their names. @default none */
  readonly plugins?: readonly string[] | undefined;
  /** Where `backend` publishes its document. @default ["/schema/openapi.json", "/openapi.json"] */
  readonly schemaPath?: string | readonly string[] | undefined;
  /** Files of the backend whose change may change its routes, such as `../app/**\/*.py`; for `dev`. @default none */
  readonly watch?: string | readonly string[] | undefined;
  /** Command that writes the sources, at the start and when a watched file changes; no shell reads it. @default none */
  readonly command?: string | readonly string[] | undefined;
  /** How often `dev` looks whether a document behind a URL is another, in milliseconds; 0 never does. @default 1000 */
  readonly poll?: number | string | undefined;
  /** How long a server may take to answer with a document, in milliseconds. @default 10000 */
  readonly timeout?: number | string | undefined;
  /** How large a document may be, in bytes. @default 33554432 */
  readonly maxBytes?: number | undefined;
  /** Whether `build` fails where types can't be generated; `dev` warns. @default true */
  readonly failOnError?: boolean | undefined;
}

/** {@linkcode TypesOptions} as they are checked: times are milliseconds, commands and patterns are lists. */
export interface CheckedTypesOptions
  extends Omit<TypesOptions, "schemaPath" | "watch" | "command" | "poll" | "timeout"> {
  /** Paths, in the order of trying. */
  readonly schemaPath?: readonly string[] | undefined;
  /** Patterns. */
  readonly watch?: readonly string[] | undefined;
  /** Words. */
  readonly command?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly poll?: number | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** Where a litestar-vite application says that it writes its exports: `types` of `.litestar.json`. */
export interface BridgeTypes {
  readonly output?: string;
  readonly routesPath?: string;
  readonly openapiPath?: string;
  readonly pagePropsPath?: string;
}

/** What is generated, from what, and where to. */
export interface TypesPlan {
  /** Absolute; texts of messages are relative to it. */
  readonly root: string;
  /** Absolute. */
  readonly output: string;
  /** A file or a URL, each absolute; `undefined` leaves it to the entry and to what is found. */
  readonly routes: string | undefined;
  readonly openapi: string | undefined;
  readonly pages: string | undefined;
  /** Absolute path of the module with the route table. */
  readonly entry: string | undefined;
  /** Where a backend may publish its document: URLs in the order of trying. */
  readonly published: readonly string[];
  /** Whether files are looked for, since nobody named any. */
  readonly isDiscovered: boolean;
  /** Where files are looked for, absolute, the first that is there counts. */
  readonly candidates: {
    readonly routes: readonly string[];
    readonly openapi: readonly string[];
    readonly pages: readonly string[];
  };
  readonly zod: boolean;
  readonly sdk: boolean;
  readonly client: ApiClient | undefined;
  readonly plugins: readonly string[] | undefined;
  readonly routeTypes: boolean | undefined;
  readonly generator: GenerateOptions;
  readonly watch: readonly string[];
  readonly command: readonly string[] | undefined;
  readonly pollMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly failOnError: boolean;
}

/** What {@linkcode planTypes} works with. */
export interface PlanFacts {
  readonly options: CheckedTypesOptions;
  /** Absolute. */
  readonly root: string;
  /** Absolute path of the app's module, if there is one. */
  readonly entry?: string | undefined;
  /** Origin of a backend. */
  readonly backend?: string | undefined;
  readonly bridge?: BridgeTypes | undefined;
  /** Where the project's framework looks for such files. @default "src/generated" */
  readonly usualOutput?: string | undefined;
}

const DEFAULT_OUTPUT = "src/generated";
const DEFAULT_SCHEMA_PATHS = ["/schema/openapi.json", "/openapi.json"];
const DEFAULT_POLL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** No application that people write has a larger one; a dump of a whole cloud has, and says so in the options. */
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

const OPENAPI_NAMES = ["openapi.json", "openapi.yaml", "openapi.yml"];

/** Whether a source is asked for over HTTP. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** Fills in what the options leave out. */
export function planTypes(facts: PlanFacts): TypesPlan {
  const { options, root, entry, backend, bridge = {}, usualOutput = DEFAULT_OUTPUT } = facts;
  const { routes, openapi, pages, output, schemaPath, zod, sdk, client, ...others } = options;
  const {
    watch,
    command,
    poll,
    timeout,
    maxBytes,
    failOnError,
    plugins,
    routeTypes,
    ...generator
  } = others;
  const place = (path: string): string => isUrl(path) ? path : resolve(root, path);
  const isNamed = routes !== undefined || openapi !== undefined;
  const folder = resolve(root, output ?? bridge.output ?? usualOutput);
  const folders = [...new Set([folder, resolve(root, DEFAULT_OUTPUT), root])];
  const within = (names: readonly string[]): string[] =>
    folders.flatMap((each) => names.map((name) => join(each, name)));
  const first = (path: string | undefined): string[] => path === undefined ? [] : [place(path)];
  const beside = [routes, openapi].flatMap((each) =>
    each === undefined || isUrl(each) ? [] : [join(dirname(place(each)), "inertia-pages.json")]
  );
  return {
    root,
    output: folder,
    routes: routes === undefined ? undefined : place(routes),
    openapi: openapi === undefined ? undefined : place(openapi),
    pages: pages === undefined ? undefined : place(pages),
    entry: isNamed ? undefined : entry,
    published: backend === undefined || isNamed
      ? []
      : (schemaPath ?? DEFAULT_SCHEMA_PATHS).map((path) => new URL(path, backend).href),
    isDiscovered: !isNamed,
    candidates: {
      routes: [...first(bridge.routesPath), ...within(["routes.json"])],
      openapi: [...first(bridge.openapiPath), ...within(OPENAPI_NAMES)],
      pages: isNamed ? beside : [...first(bridge.pagePropsPath), ...within(["inertia-pages.json"])],
    },
    zod: zod ?? false,
    sdk: sdk ?? false,
    client,
    plugins,
    routeTypes,
    // The names that are left are the generator's; one that is there is there with a value.
    generator: Object.fromEntries(
      Object.entries(generator).filter(([, value]) => value !== undefined),
    ) as GenerateOptions,
    watch: watch ?? [],
    command,
    pollMs: poll ?? DEFAULT_POLL_MS,
    timeoutMs: timeout ?? DEFAULT_TIMEOUT_MS,
    maxBytes: maxBytes ?? DEFAULT_MAX_BYTES,
    failOnError: failOnError ?? true,
  };
}

/** How a source is called in messages: a file relative to the root, a URL without a password. */
export function sourceName(source: string, root: string): string {
  if (isUrl(source)) return source.replace(/^(https?:\/\/)[^/@]*@/i, "$1");
  const way = relative(root, source).replaceAll("\\", "/");
  return way === "" ? basename(source) : way;
}

/**
 * Says why files can't be generated into a folder.
 *
 * @param output Absolute, links resolved as far as it exists.
 * @param allowed Absolute folders; it has to be in one of them.
 * @param root The project, which must not be in it.
 */
export function outputProblem(
  output: string,
  allowed: readonly string[],
  root: string,
): string | undefined {
  if (isWithin(output, root)) return "it holds the project itself";
  if (allowed.some((folder) => isWithin(folder, output))) return undefined;
  return `it lies outside of ${[...new Set(allowed)].map((folder) => `"${folder}"`).join(" and ")}`;
}

/** Whether a path is in a folder, or that folder. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(/[/\\]/)[0] !== "..");
}
