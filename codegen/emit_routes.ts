/**
 * `routes.ts`: the names, their parameters' types, and the router.
 *
 * @module
 */
import { cached } from "./cached.ts";
import { isPlainLine, renderDoc } from "./comment.ts";
import { printerOf, renderAll, renderJson, renderString } from "./literal.ts";
import type { PathPart, Route, RouteModel } from "./model.ts";
import type { GeneratedFile, GenerateOptions } from "./options.ts";
import { pathText } from "./path_template.ts";
import { ofPaths, type PreparedRoutes } from "./prepare_routes.ts";
import { NO_PARAMS, type ParamShapes, shapeParams } from "./route_params.ts";
import { kindsOf, methodsText, renderRows } from "./route_row.ts";
// The module as text: what is tested here is what is written there.
import runtimeText from "./routes_runtime.ts" with { type: "text" };

/** What the modules of routes are made from. */
export interface RouteModules {
  readonly prepared: PreparedRoutes;
  readonly shapes: ParamShapes;
  /** The settings of the run-time, as an expression. */
  readonly settings: string;
  /** How imports end. */
  readonly extension: string;
  readonly header: string;
}

/** Names that `routes.ts` declares or imports. */
const OWN_NAMES: readonly string[] = [
  ...[
    "QueryObject",
    "QueryValue",
    "RouteArgs",
    "RouteExtras",
    "RouteFn",
    "RouteMatch",
  ],
  ...["RouteMethods", "RouteName", "RouteOptions", "RouteParams", "RouteRow", "Router"],
  ...["RouterSettings", "createRouter", "route", "router", "rows", "settings"],
];

/** Collects what the modules of routes have in common. */
export function routeModules(
  model: RouteModel,
  prepared: PreparedRoutes,
  options: GenerateOptions,
  header: string,
): RouteModules {
  const { defaults = {} } = model;
  return {
    prepared,
    shapes: shapeParams(prepared, new Set(Object.keys(defaults)), OWN_NAMES),
    settings: renderJson(settingsOf(model, prepared, options)),
    extension: options.importExtension ?? ".ts",
    header,
  };
}

const LISTS = { repeat: undefined, brackets: "[]", indices: "[0]", comma: "," } as const;

function settingsOf(
  model: RouteModel,
  prepared: PreparedRoutes,
  options: GenerateOptions,
): object {
  const { base, origin, defaults = {} } = model;
  const kinds = kindsOf(prepared);
  const lists = LISTS[options.lists ?? "repeat"];
  const slashes = options.trailingSlash ?? "keep";
  return {
    ...base === undefined || base === "" ? {} : { base },
    ...origin === undefined ? {} : { origin },
    ...Object.keys(defaults).length === 0 ? {} : { defaults },
    ...Object.keys(kinds).length === 0 ? {} : { kinds },
    ...lists === undefined ? {} : { lists },
    ...options.nulls === "empty" ? { nulls: "empty" } : {},
    ...options.booleans === "number" ? { booleans: "number" } : {},
    ...options.methodField === undefined ? {} : { methodField: options.methodField },
    ...slashes === "keep" ? {} : { slashes },
  };
}

/** A third of the time that a compiler needs for 1,000 routes and 2,000 calls would go to this one file. */
const UNCHECKED = "// @ts-nocheck: it is checked where it comes from, under the strictest flags.\n";

/**
 * What `route()` takes, by the name.
 *
 * While a compiler infers the name, what the arguments may be is what any branch may be; `unknown` among them ends its
 * search for each property of each call in the parameters of all routes. 2,000 calls at 1,000 routes with 200 names of
 * parameters: 0.60 s where it was 0.83 (TypeScript 5.9), 0.06 where it was 0.14 (7); at 10,000 with 2,000 names 1.5 s
 * where it was 5.2, and 0.24 where it was 1.3. `infer` would do as well, but a function that takes `RouteParams[Name]`
 * and hands it on would not compile; so would a type with the parameters as its argument, which is slower in 7. Tuples
 * are readonly, since a compiler resolves all methods of each, and these have fewer (0.05 s in 7).
 */
const ROUTE_ARGS =
  `export type RouteArgs<Name extends RouteName> = Record<never, never> extends RouteParams[Name]
  ? readonly [params?: RouteParams[Name], options?: RouteOptions]
  : RouteParams[Name] extends object ? readonly [params: RouteParams[Name], options?: RouteOptions]
  : readonly unknown[];`;

/** The run-time, which is the same for everybody. */
export function emitRuntime(header: string): GeneratedFile {
  const text = header + UNCHECKED + runtimeText.replaceAll("\r\n", "\n");
  return { path: "routes-runtime.ts", text };
}

/** The names, the types and the router. */
export function emitRoutes(
  { prepared, shapes, settings, extension, header }: RouteModules,
): GeneratedFile {
  const { sorted } = prepared;
  const print = printerOf(sorted);
  const from = renderString(`./routes-runtime${extension}`);
  const text = `${header}import {
  createRouter,
  type QueryObject,
  type QueryValue,
  type RouteExtras,
  type RouteMatch,
  type RouteOptions,
  type Router,
  type RouteRow,
  type RouterSettings,
} from ${from};

export type { QueryObject, QueryValue, RouteExtras, RouteMatch, RouteOptions, Router, RouterSettings };

${
    shapes.declarations.map(({ name, body }) =>
      `export interface ${name} extends RouteExtras {\n${body}}\n\n`
    ).join("")
  }${
    renderMap(
      "RouteParams",
      "The parameters of each route.",
      renderAll(sorted, paramsLine(prepared, shapes, print)),
    )
  }
/** The names of the routes. */
export type RouteName = keyof RouteParams;

${renderMap("RouteMethods", "The methods of each route.", renderAll(sorted, methodsLine(print)))}
/** Parameters and options; the parameters may be missing where all of them may. The last branch is never taken. */
${ROUTE_ARGS}

/** Writes the URL of a route. */
export interface RouteFn {
  <Name extends RouteName>(name: Name, ...args: RouteArgs<Name>): string;
}

const rows: readonly RouteRow[] = [
${renderRows(prepared, print)}];

const settings: RouterSettings = ${settings};

/** URLs to names and back. */
export const router: Router<RouteName, RouteFn> = /* #__PURE__ */ createRouter<RouteName, RouteFn>(rows, settings);

/** Writes the URL of a route: \`route("users.show", { id: 7 })\`. */
export const route: RouteFn = router.route;
`;
  return { path: "routes.ts", text };
}

const METHOD_REGEXP = /^[A-Z]{1,10}$/;

/** An interface with these lines. Of none, a type: an empty interface would admit anything. */
function renderMap(name: string, summary: string, lines: string): string {
  const head = `/** ${summary} */\n`;
  if (lines === "") return `${head}export type ${name} = Record<never, never>;\n`;
  return `${head}export interface ${name} {\n${lines}}\n`;
}

/** How a line begins. Lines are put together from as few pieces as can be, since each `+` makes an object. */
const PROPERTY = '  readonly "';

/** Writes the property of a route in `RouteParams`, with its comment. */
function paramsLine(
  { paths }: PreparedRoutes,
  { types }: ParamShapes,
  print: (name: string) => string,
): (route: Route, index: number) => string {
  const headOf = cached((method: string) => METHOD_REGEXP.test(method) ? `  /** ${method}` : "");
  const lineOf = ofPaths(paths, pathLine);
  return (route, index) => {
    const { name, methods, path, host, summary, description, isDeprecated, source } = route;
    // Most routes say nothing of themselves.
    const says = summary ?? host ?? description ?? isDeprecated ?? source;
    const head = says === undefined && methods.length === 1 ? headOf(methods[0] ?? "") : "";
    const line = head === "" ? "" : lineOf(index, path);
    const start = line === "" ? docOf(route) + PROPERTY : head + line;
    return `${start}${print(name)}": ${types[index] ?? NO_PARAMS};\n`;
  };
}

/** What stands between the method in a comment and the name: of a path in which nothing has to be replaced. */
function pathLine(path: readonly PathPart[]): string {
  const text = pathText(path);
  return isPlainLine(text) ? ` ${text} */\n${PROPERTY}` : "";
}

function docOf({ methods, path, host, summary, description, isDeprecated, source }: Route): string {
  const site = host === undefined ? "" : pathText(host);
  const said = summary ?? `${methodsText(methods)} ${site}${pathText(path)}`;
  if (source === undefined && isDeprecated !== true && description === undefined) {
    return renderDoc({ summary: said }, "  ");
  }
  const tags: [string, string][] = [];
  if (source !== undefined) tags.push(["see", source]);
  if (isDeprecated === true) tags.push(["deprecated", ""]);
  return renderDoc({ summary: said, description, tags }, "  ");
}

/** Writes the property of a route in `RouteMethods`. */
function methodsLine(print: (name: string) => string): (route: Route) => string {
  const endOf = cached((methods: string) =>
    `": ${methods.split(" ").map(renderString).join(" | ")};\n`
  );
  return ({ name, methods }) => PROPERTY + print(name) + endOf(methodsText(methods));
}

/** A module that puts `route` where scripts without modules find it. */
export function emitGlobal({ extension, header }: RouteModules): GeneratedFile {
  const text = `${header}import { route, type RouteFn } from ${
    renderString(`./routes${extension}`)
  };

declare global {
  var route: RouteFn;
}

// The only module here that does something when it is imported.
Object.assign(globalThis, { route });
`;
  return { path: "routes-global.ts", text };
}
