/**
 * What can be asked of {@linkcode generate}.
 *
 * @module
 */
import type { PageModel, Route, RouteModel } from "./model.ts";

/** What is generated from: texts of documents, or the neutral models. */
export interface GenerateInput {
  /** The text of a `routes.json` of litestar-vite or Ziggy, or a route table. It wins over OpenAPI for names and paths. */
  readonly routes?: string | RouteModel;
  /** The text of an OpenAPI or Swagger document, JSON or YAML. */
  readonly openapi?: string;
  /** More routes, which the OpenAPI document does not describe: they are taken beside it, and change nothing in it. */
  readonly beside?: string | RouteModel;
  /** The text of an `inertia-pages.json`, or the pages. */
  readonly pages?: string | PageModel;
  /** The text of a JSON object: the types of the module by which a front end gets it are generated. */
  readonly staticProps?: string;
}

/** Which routes are taken. A pattern that begins with `/` is for paths; `*` stands for any text, `!` takes away. */
export interface RouteFilter {
  /** Only these; of several patterns for a route, the last one decides. An empty list means all. */
  readonly only?: readonly string[];
  /** Not these; wins over `only`. */
  readonly except?: readonly string[];
  /** Lists of patterns by name. */
  readonly groups?: { readonly [name: string]: readonly string[] };
  /** The group that `only` is read from, added to `only`. */
  readonly group?: string;
}

/** How names are made of those that an OpenAPI document has. */
export type Naming = "keep" | "camel" | "dots" | ((name: string, route: Route) => string);

/** A client of Inertia: the name of its package, without `@inertiajs/`. */
export type InertiaClient = "react" | "vue3" | "svelte";

/** How files are generated. */
export interface GenerateOptions extends RouteFilter {
  /** What stands as a comment at the head of every file. */
  readonly header?: string;
  /** How names of an OpenAPI document are written. @default {"keep"} */
  readonly naming?: Naming;
  /** Whether ids of operations lose what their producer adds to the function's name. @default {true} */
  readonly cleanNames?: boolean;
  /**
   * What stands before the paths: a text; `"server"` for origin and path of the OpenAPI document's server. Without it, the
   * path of a server without a host.
   */
  readonly base?: string;
  /** What absolute URLs start with. Without it, the document's, or the page's. */
  readonly origin?: string;
  /** Whether paths keep, get or lose a slash at their end; `match` takes both but for `keep`. @default {"keep"} */
  readonly trailingSlash?: "keep" | "add" | "strip";
  /** How lists are written in a query, where a route does not say. @default {"repeat"} */
  readonly lists?: "repeat" | "brackets" | "indices" | "comma";
  /** Whether `null` is left out of a query or written as an empty text. @default {"skip"} */
  readonly nulls?: "skip" | "empty";
  /** How truth values are written in a query. @default {"word"} */
  readonly booleans?: "word" | "number";
  /** The field by which a form names its method, for example `_method`. */
  readonly methodField?: string;
  /** Whether there is a file for each group, whose functions bundlers leave out where they are not used. @default {false} */
  readonly groupFiles?: boolean;
  /** Whether a module is generated that puts `route` on `window`. @default {false} */
  readonly globalRoute?: boolean;
  /** Whether types of bodies and responses are generated. @default {false} */
  readonly routeTypes?: boolean;
  /**
   * Types that another generator made of the operations of the same OpenAPI document. Types of bodies and responses are
   * then those, and are generated only for what has none.
   */
  readonly operationTypes?: OperationTypes;
  /** The client of Inertia whose `usePage` learns the props of the pages. @default none */
  readonly inertiaClient?: InertiaClient;
  /** The module that has the OpenAPI components as types; without it, they are generated. */
  readonly componentsFrom?: string;
  /** How imports between generated files end. @default {".ts"} */
  readonly importExtension?: ".ts" | ".js" | "";
  /** Whether `URI` of litestar-vite's tables means `{name:path}`. By default where Litestar's version is given. */
  readonly litestarUriIsPath?: boolean;
  /** Whether a `GET` of an OpenAPI document answers `HEAD` too. @default {false} */
  readonly impliesHead?: boolean;
  /** What the inputs are called in diagnostics, for example the files they were read from. */
  readonly names?: { readonly [Input in keyof GenerateInput]?: string };
}

/** Types of the operations of an OpenAPI document, in a module of another generator. */
export interface OperationTypes {
  /** The module, as an import in the output folder writes it. */
  readonly from: string;
  /** The operations that have types there, in any order. */
  readonly operations: readonly OperationTypeNames[];
}

/** The types of an operation, by the names that their module exports. */
export interface OperationTypeNames {
  /** The path as the document writes it. */
  readonly path: string;
  /** The method, in any case. */
  readonly method: string;
  /** What a request has: an object type with the property `body`. */
  readonly data?: string;
  /** What a successful response carries. */
  readonly response?: string;
}

/** A file to write. */
export interface GeneratedFile {
  /** From the output folder, with `/`. */
  readonly path: string;
  /** Its text, with `\n`. */
  readonly text: string;
  /** Whether it is the user's from then on: it is written where it is missing, and never again. */
  readonly once?: true;
}
