/**
 * The neutral model of a route table: what every reader makes and every emitter takes.
 *
 * A server's own table becomes types through it as well: make a {@linkcode RouteModel} and give it to
 * {@linkcode generate} where a document's text would stand.
 *
 * @module
 */
import type { TypeNode } from "./type_node.ts";

/**
 * How a path parameter's value is written and read back.
 *
 * `str` takes what fits into one segment, `path` several segments, `number` any finite number; the others are those of
 * Litestar.
 */
export type Converter =
  | "str"
  | "int"
  | "float"
  | "number"
  | "uuid"
  | "decimal"
  | "date"
  | "datetime"
  | "time"
  | "timedelta"
  | "path";

/** A parameter's place in a path or a host. */
export interface PathParameterPart {
  /** Tells it from text, which is a plain string. */
  readonly kind: "parameter";
  /** As the caller writes it. */
  readonly name: string;
  /** How its value is written. */
  readonly converter: Converter;
  /** Whether its segment may be missing. */
  readonly isOptional: boolean;
}

/** Text as it stands in a URL, or a parameter. */
export type PathPart = string | PathParameterPart;

/** How a query parameter's value becomes text; `form` repeats the name for each item of a list. */
export type QueryStyle =
  | "form"
  | "formObject"
  | "comma"
  | "pipe"
  | "space"
  | "tab"
  | "deep"
  | "json"
  | "reserved"
  | "brackets"
  | "indices";

/** What is known of a parameter's values. */
export interface RouteParameter {
  /** As it is written in the URL. */
  readonly name: string;
  /** Whether it stands in the path, the host or the query. */
  readonly place: "path" | "host" | "query";
  /** What a caller may give; without it, what its converter takes. */
  readonly type?: TypeNode;
  /** Whether a URL without it makes no sense. Path parameters are, unless their part is optional. */
  readonly isRequired?: boolean;
  /** How a query value becomes text. @default {"form"} */
  readonly style?: QueryStyle;
  /** A regular expression that the whole value has to match, without anchors; checked before it is used. */
  readonly pattern?: string;
  /** The key of an object that may stand for the value, as Laravel binds models. */
  readonly binding?: string;
  /** Shown in the editor; JSON text. */
  readonly defaultText?: string;
  /** Whether callers should stop using it. */
  readonly isDeprecated?: boolean;
}

/** A request's or a response's content. */
export interface RouteContent {
  /** The type of the body; a union where several media types have different ones. */
  readonly type: TypeNode;
  /** Whether a request may come without it. */
  readonly isOptional?: boolean;
}

/** One route. */
export interface Route {
  /** The name that callers use; unique in its table. */
  readonly name: string;
  /** The path in parts, from its first `/`. */
  readonly path: readonly PathPart[];
  /** Methods in capitals; the first is the one that callers mean. */
  readonly methods: readonly string[];
  /** What is known of the parameters; one that is only in the path takes what its converter takes. */
  readonly parameters?: readonly RouteParameter[];
  /** The host in parts, where the route exists on that host only. */
  readonly host?: readonly PathPart[];
  /** Query text that belongs to the route itself, as pairs that are not encoded. */
  readonly fixedQuery?: readonly (readonly [string, string])[];
  /** Text behind `#` that belongs to the route itself, not encoded. */
  readonly fixedHash?: string;
  /** The name of its group, for filters and files. Without it, the name up to its first dot. */
  readonly group?: string;
  /** One line for the editor. */
  readonly summary?: string;
  /** More lines for the editor. */
  readonly description?: string;
  /** Whether callers should stop using it. */
  readonly isDeprecated?: boolean;
  /** Where it is written, for example `app/users.py:12`. */
  readonly source?: string;
  /** The Inertia component that it renders. */
  readonly component?: string;
  /** The operation of an OpenAPI document that it is, with the path as the document writes it. */
  readonly operation?: { readonly path: string; readonly method: string };
  /** What a request carries. */
  readonly body?: RouteContent;
  /** What a successful response carries. */
  readonly response?: RouteContent;
}

/** A type that others refer to by name. */
export interface NamedType {
  /** As its document calls it; need not be an identifier. */
  readonly name: string;
  /** What it is. */
  readonly type: TypeNode;
  /** Shown in the editor. */
  readonly description?: string;
}

/** A route table. */
export interface RouteModel {
  /** Its routes, in any order. */
  readonly routes: readonly Route[];
  /** Types that bodies and responses refer to. */
  readonly types?: readonly NamedType[];
  /** What absolute URLs start with, for example `https://app.test:8443`. */
  readonly origin?: string;
  /** What stands before every path, for example `/v2`. */
  readonly base?: string;
  /** Values of parameters that a caller may leave out. */
  readonly defaults?: { readonly [name: string]: string | number | boolean };
}

/** A page of Inertia and the type of its props. */
export interface Page {
  /** The component's name. */
  readonly component: string;
  /** Its props, as they are sent. */
  readonly props: TypeNode;
  /** The route that renders it, for the editor. */
  readonly route?: string;
}

/** A prop that every page gets. */
export interface SharedProp {
  /** Its key. */
  readonly name: string;
  /** Its type. */
  readonly type: TypeNode;
  /** Whether it may be missing. */
  readonly isOptional: boolean;
}

/** A type of another module. */
export interface TypeImport {
  /** The type's name in that module. */
  readonly name: string;
  /** The module, as an import writes it. */
  readonly from: string;
}

/** Pages, what they share, and the types they refer to. */
export interface PageModel {
  /** The pages, in any order. */
  readonly pages: readonly Page[];
  /** What every page gets. */
  readonly shared?: readonly SharedProp[];
  /** Types that props refer to. */
  readonly types?: readonly NamedType[];
  /** Types that props refer to and that stand in other modules. */
  readonly imports?: readonly TypeImport[];
  /** Whether the usual types `User` and `AuthData` are declared, where they are not known. */
  readonly hasDefaultAuth?: boolean;
  /** Whether the usual type `FlashMessages` is declared, where it is not known. */
  readonly hasDefaultFlash?: boolean;
  /** What stands for a type that is not known. @default {"unknown"} */
  readonly fallback?: "unknown" | "any";
}
