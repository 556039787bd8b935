/**
 * Projects for compilers: 2,000 calls of routes in 20 files, as ours, as one function for each route, and in the shape
 * that litestar-vite emits.
 *
 * @module
 */
import { generate } from "../../../codegen/mod.ts";
import {
  litestarTable,
  type TableRoute,
  tableRoutes,
} from "../../../tests/codegen/_support/tables.ts";

/** Files by name. */
export type ProjectFiles = { readonly [path: string]: string };

const FILES = 20;
const CALLS = 2_000;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  },
  include: ["*.ts"],
});

/** What is generated, and calls of it. */
export function ourProject(count: number, parameter?: string): ProjectFiles {
  const { files } = generate({ routes: litestarTable(count, parameter) });
  return {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    ...callFiles(
      tableRoutes(count, parameter),
      () => `import { route } from "./routes.ts";\n`,
      callByName,
    ),
  };
}

/** The least that can be checked: a function for each route, all in one module. */
export function functionsProject(count: number, parameter?: string): ProjectFiles {
  const all = tableRoutes(count, parameter);
  const functions = all.map((route) =>
    `export function ${functionName(route)}(${functionParameters(route)}): string {
  return write(${JSON.stringify(route.uri)}, params);
}
`
  );
  return {
    "functions.ts": `type Extras = { readonly _query?: object; readonly _hash?: string };
declare function write(template: string, params?: object): string;
${functions.join("")}`,
    ...callFiles(
      all,
      (routes) =>
        `import { ${[...new Set(routes.map(functionName))].join(", ")} } from "./functions.ts";\n`,
      (route) => `${functionName(route)}(${argument(route)})`,
    ),
  };
}

function functionParameters(route: TableRoute): string {
  return `params${route.parameter === undefined ? "?" : ""}: ${paramsType(route)}`;
}

function paramsType({ parameter, query }: TableRoute): string {
  const own = [
    ...parameter === undefined ? [] : [`readonly ${parameter}: number | string`],
    ...query === undefined ? [] : [`readonly ${query}?: number | undefined`],
  ];
  return own.length === 0 ? "Extras" : `Extras & { ${own.join("; ")} }`;
}

/** The least that is called by a name: one look-up, which lets parameters be missing where they must not. */
export function lookupProject(count: number, parameter?: string): ProjectFiles {
  const all = tableRoutes(count, parameter);
  return {
    "routes.ts": `type Extras = { readonly _query?: object; readonly _hash?: string };
interface Params {
${all.map((route) => `  readonly "${route.name}": ${paramsType(route)};\n`).join("")}}
export declare function route<Name extends keyof Params>(name: Name, params?: Params[Name]): string;
`,
    ...callFiles(all, () => `import { route } from "./routes.ts";\n`, callByName),
  };
}

/**
 * A union of the names, the data as a constant that types depend on, types mapped over all names, and three signatures.
 *
 * Routes with both kinds of parameters are what makes it slow: the compiler crosses all paths with all queries.
 */
export function overloadsProject(count: number, parameter?: string): ProjectFiles {
  const routes = tableRoutes(count, parameter);
  const map = (fieldOf: (route: TableRoute) => string | undefined): string =>
    routes.map((route) => {
      const field = fieldOf(route);
      const type = field === undefined ? "Record<string, never>" : `{ ${field} }`;
      return `  '${route.name}': ${type};\n`;
    }).join("");
  const data = routes.map(({ name, uri, method, parameter, query }) =>
    `  '${name}': { path: '${uri}', methods: ['${method}'] as const, pathParams: [${
      quoted(parameter)
    }] as const, queryParams: [${quoted(query)}] as const },\n`
  );
  return {
    "routes.ts": `export type Names =\n${routes.map(({ name }) => `  | '${name}'\n`).join("")};
export interface PathOf {\n${map(({ parameter }) => parameter && `${parameter}: number`)}}
export interface QueryOf {\n${map(({ query }) => query && `${query}?: number`)}}
type None = Record<string, never>;
type Both<A, B> = A extends None ? (B extends None ? None : B) : B extends None ? A : A & B;
export type ParamsOf<N extends Names> = Both<PathOf[N], QueryOf[N]>;
export const data = {\n${data.join("")}} as const;
type NeedsPath<N extends Names> = PathOf[N] extends None ? false : true;
type NeedsQuery<N extends Names> = QueryOf[N] extends None ? false
  : Partial<QueryOf[N]> extends QueryOf[N] ? false : true;
type Needing = {
  [N in Names]: NeedsPath<N> extends true ? N : NeedsQuery<N> extends true ? N : never;
}[Names];
type Free = Exclude<Names, Needing>;
export function route<N extends Free>(name: N): string;
export function route<N extends Free>(name: N, params?: ParamsOf<N>): string;
export function route<N extends Needing>(name: N, params: ParamsOf<N>): string;
export function route<N extends Names>(name: N, params?: ParamsOf<N>): string {
  const entry = data[name];
  const given = params as Record<string, unknown> | undefined;
  let url: string = entry.path;
  for (const key of entry.pathParams) url = url.replaceAll(key, String(given?.[key]));
  for (const key of entry.queryParams) url += key + "=" + String(given?.[key]);
  return url;
}
export function isName(name: string): name is Names {
  return name in data;
}
export function entryOf<N extends Names>(name: N): (typeof data)[N] {
  return data[name];
}
export function find(url: string): Names | undefined {
  for (const [name, { path }] of Object.entries(data)) if (path === url) return name as Names;
  return undefined;
}
`,
    ...callFiles(routes, () => `import { route } from "./routes.ts";\n`, callByName),
  };
}

function quoted(name: string | undefined): string {
  return name === undefined ? "" : `'${name}'`;
}

/** One call of our `routes.ts`, up to where a parameter is written, for an editor. */
export function callInEditor(count: number): { readonly text: string; readonly parameter: string } {
  const { name, parameter = "" } = tableRoutes(count).at(-3) ?? { name: "" };
  const text = `import { route } from "./routes.ts";\nexport const url = route("${name}", { `;
  return { text, parameter };
}

function callByName(route: TableRoute): string {
  const given = argument(route);
  return `route("${route.name}"${given === "" ? "" : `, ${given}`})`;
}

function argument({ parameter, query }: TableRoute): string {
  if (parameter !== undefined) return `{ ${parameter}: 7 }`;
  return query === undefined ? "" : `{ ${query}: 10 }`;
}

function functionName({ name }: TableRoute): string {
  return name.replace(".", "_");
}

function callFiles(
  routes: readonly TableRoute[],
  head: (routes: readonly TableRoute[]) => string,
  call: (route: TableRoute) => string,
): ProjectFiles {
  const files = Array.from({ length: FILES }, (_, file) => {
    const called = Array.from({ length: CALLS / FILES }, (_, index) => {
      // Steps by a prime, so that each file has all kinds of routes.
      const at = (file * (CALLS / FILES) + index) * 7 % routes.length;
      return routes[at];
    }).filter((route) => route !== undefined);
    const lines = called.map((route, index) =>
      `export const u${index}: string = ${call(route)};\n`
    );
    return [`calls${file}.ts`, head(called) + lines.join("")] as const;
  });
  return { ...Object.fromEntries(files), "tsconfig.json": TSCONFIG };
}
