/**
 * What generated routes run on: URLs from names and parameters, and back. It has no side effects and needs nothing.
 *
 * @module
 */

/** A value in a query: lists and objects at any depth; `null` and `undefined` are left out. */
export type QueryValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | undefined
  | readonly QueryValue[]
  | QueryObject;

/** Values in a query by name. */
export interface QueryObject {
  /** A value. */
  readonly [name: string]: QueryValue;
}

/** What every route takes beside its own parameters. */
export interface RouteExtras {
  /** More of the query; it wins over parameters of the same name. */
  readonly _query?: QueryObject | undefined;
  /** What stands behind `#`. */
  readonly _hash?: string | undefined;
}

/** How one URL is written. */
export interface RouteOptions {
  /** Whether the URL starts with the origin. */
  readonly absolute?: boolean | undefined;
  /** Stands before the path in place of the router's. */
  readonly base?: string | undefined;
}

/** How a router writes and reads URLs. */
export interface RouterSettings {
  /** What absolute URLs start with, for example `https://app.test`; in a browser that of the page. */
  readonly origin?: string | undefined;
  /** What stands before every path, for example `/v2`. */
  readonly base?: string | undefined;
  /** Values of parameters that a caller leaves out. */
  readonly defaults?: { readonly [name: string]: unknown } | undefined;
  /** The URL of the page, where there is no browser to ask. */
  readonly location?: string | undefined;
  /** How lists are written in a query, where a route does not say: `a=1&a=2` by default, `a[]=1`, `a[0]=1` or `a=1,2`. */
  readonly lists?: "" | "[]" | "[0]" | "," | undefined;
  /** Whether `null` is written as an empty text in a query; by default it is left out. */
  readonly nulls?: "empty" | undefined;
  /** Whether truth values are written as 1 and 0 in a query; by default as words. */
  readonly booleans?: "number" | undefined;
  /** Whether URLs get a slash at their end; a URL with it then means the same as one without. */
  readonly slashes?: "add" | "strip" | undefined;
  /** The patterns of values by their kind, for example `int`; generated. */
  readonly kinds?: { readonly [kind: string]: string } | undefined;
  /** The field by which a form names a method that forms do not have, for example `_method`. */
  readonly methodField?: string | undefined;
}

/** What a URL means. */
export interface RouteMatch<Name extends string> {
  /** The route's name. */
  readonly name: Name;
  /** Its parameters, decoded; whole and broken numbers as numbers. It has no prototype. */
  readonly params: { readonly [name: string]: string | number };
  /** The query, decoded; a name that stands there several times has a list. It has no prototype. */
  readonly query: { readonly [name: string]: string | readonly string[] };
}

/** Names to URLs and back. */
export interface Router<Name extends string, RouteFn> {
  /** The URL of a route. */
  readonly route: RouteFn;
  /** The names of all routes. */
  names(): readonly Name[];
  /** Whether there is a route of that name; `*` stands for any text. */
  has(name: string): boolean;
  /** What a URL means, or `null`. It never throws. */
  match(url: string, method?: string): RouteMatch<Name> | null;
  /** The name of the page's route. */
  current(): Name | undefined;
  /** Whether the page's route has that name, where `*` stands for any text, and these parameters. */
  current(name: string, params?: { readonly [name: string]: unknown }): boolean;
  /** The same routes with other settings, for example one request's `location`. */
  with(settings: RouterSettings): Router<Name, RouteFn>;
}

/** Parameters and options: the parameters may be missing where all of them may. */
export type HandleArgs<Params> = Record<never, never> extends Params
  ? [params?: Params, options?: RouteOptions]
  : [params: Params, options?: RouteOptions];

/** One route as a function. */
export interface RouteHandle<Params, Method extends string> {
  /** The URL. */
  (...args: HandleArgs<Params>): string;
  /** The URL. */
  url(...args: HandleArgs<Params>): string;
  /** The attributes of a form; a method that forms do not have becomes `post`. */
  form(...args: HandleArgs<Params>): { action: string; method: "get" | "post" };
  /** The name of its route. */
  readonly routeName: string;
  /** Its method in capitals; of several, the first. */
  readonly method: Method;
}

/** A route: its name, its URL template, and its methods with spaces between, where they are not `GET`. */
export type RouteRow = readonly [name: string, template: string, methods?: string];

interface Place {
  readonly name: string;
  readonly kind: string;
  /** The slash before it, where both may be missing. */
  readonly slash: string;
  readonly binding: string;
  readonly source: string;
  readonly test: RegExp;
}

type Part = string | Place;

/** An object without a prototype: a name may be that of something that every object has. */
interface Values {
  [name: string]: unknown;
}

interface Compiled {
  readonly name: string;
  readonly methods: readonly string[];
  readonly host: string;
  /** Of the host and the path. */
  readonly parts: readonly Part[];
  readonly places: readonly Place[];
  /** What is no query parameter. */
  readonly keys: ReadonlySet<string>;
  readonly styles: ReadonlyMap<string, string>;
  readonly fixed: Readonly<Values>;
  readonly required: readonly string[];
  readonly hash: string;
  /** How many segments its path has; 0 where that depends. */
  readonly size: number;
  /** The text before the first parameter. */
  readonly start: string;
  /** Host and path, escaped as `normalize()` does. */
  readonly test: RegExp;
}

/** Creates a router. Of several routes that fit a URL, the first row wins. */
export function createRouter<Name extends string, RouteFn>(
  rows: readonly RouteRow[],
  settings: RouterSettings,
): Router<Name, RouteFn> {
  return bind(new Map(rows.map((row) => [row[0], lazy(() => compile(row, settings))])), settings);
}

function bind<Name extends string, RouteFn>(
  table: ReadonlyMap<string, () => Compiled>,
  settings: RouterSettings,
): Router<Name, RouteFn> {
  const names = Array.from(table.keys());
  const match = (url: string, method?: string): RouteMatch<string> | null => {
    try {
      return find(table, settings, url, method);
    } catch {
      // A broken escape, or half a surrogate pair.
      return null;
    }
  };
  const current = (pattern?: string, params: object = {}): string | boolean | undefined => {
    const found = match(`${pageUrl(settings)}`);
    return pattern == null ? found?.name : found != null && like(pattern).test(found.name) &&
      Object.entries(params).every(([key, value]) =>
        `${value}` === `${found.params[key] ?? found.query[key]}`
      );
  };
  return {
    route: (name: string, params?: object, options?: RouteOptions) =>
      build((table.get(name) ?? fail({ name }, "route"))(), settings, params, options),
    match,
    current,
    names: () => names,
    has: (pattern: string) => names.some(RegExp.prototype.test, like(pattern)),
    with: (more: RouterSettings) => bind(table, { ...settings, ...more }),
    // The generated types know which names and parameters there are; in here, names are text.
  } as unknown as Router<Name, RouteFn>;
}

function lazy<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => value ??= make();
}

/** Creates one route. */
export function createHandle<Params, Method extends string>(
  row: RouteRow,
  settings: RouterSettings = {},
): RouteHandle<Params, Method> {
  const compiled = lazy(() => compile(row, settings));
  const url = (params?: object, options?: RouteOptions): string =>
    build(compiled(), settings, params, options);
  const method = row[2]?.split(" ")[0] ?? "GET";
  const form = (params?: RouteExtras, options?: RouteOptions): object => {
    const field = /^(?:GET|POST)$/.test(method) ? undefined : settings.methodField;
    const more = field && { _query: { ...params?._query, [field]: method } };
    return {
      action: url({ ...params, ...more }, options),
      method: method === "GET" ? "get" : "post",
    };
  };
  // The type says which parameters there are.
  return Object.assign(url.bind(null), {
    url,
    form,
    method,
    routeName: row[0],
  }) as unknown as RouteHandle<Params, Method>;
}

function fail({ name }: { readonly name: string }, state: string, parameter?: string): never {
  const about = parameter == null
    ? "unknown route"
    : `${state.replace("type", "ill-typed")} parameter "${parameter}"`;
  throw Object.assign(new TypeError(`Cannot build the URL of "${name}": ${about}`), {
    code: `param-${state}`,
  });
}

/** //host/path?query#hash, where {name:kind:binding:pattern} is a parameter; a kind with a slash at its end brings its own. */
function compile([name, template, methods = "GET"]: RouteRow, settings: RouterSettings): Compiled {
  const [, host = "", path = "", query, hash = ""] = splitUrl(template);
  const styles = new Map<string, string>();
  const fixed = ownOf();
  const required: string[] = [];
  // key=value is fixed, key:style has a style, key:style! is required.
  for (const item of query ? query.split("&") : []) {
    const [key = "", text = "", end] = item.split(/[:=!]/).map(decodeURIComponent);
    if (item.includes("=")) fixed[key] = text;
    else styles.set(key, text);
    if (end === "") required.push(key);
  }
  const parts = parse(host + path, settings);
  const places = parts.filter((part) => typeof part === "object");
  return {
    name,
    methods: methods.split(" "),
    host,
    parts,
    places,
    keys: new Set(["_query", "_hash", ...places.map((place) => place.name)]),
    styles,
    fixed,
    required,
    hash,
    // A text may look like such a kind; that costs time alone.
    size: /:(?:path|\w*\/)/.test(path) ? 0 : path.split("/").length,
    start: normalize(`${parts[0]}`),
    test: new RegExp(`^${sourceOf(parts)}$`),
  };
}

function parse(template: string, { kinds }: RouterSettings): readonly Part[] {
  return template.split(/[{}]/).map((text, index) => {
    if (index % 2 === 0) return text;
    const [name = "", kind = "", binding = "", pattern] = text.split(":").map(decodeURIComponent);
    const known = kinds?.[kind];
    return {
      name,
      kind,
      slash: kind.includes("/") ? "/" : "",
      binding,
      source: known ?? "[^/]+?",
      // A pattern is for the decoded text; it says nothing about the escaped one.
      test: new RegExp(`^(?:${pattern ?? known ?? ".+"})$`, "su"),
    };
  });
}

function sourceOf(parts: readonly Part[]): string {
  return parts.map((part) => {
    if (typeof part === "string") return escape(normalize(part));
    return part.slash ? `(?:/(${part.source})?)?` : `(${part.source})`;
  }).join("");
}

/** What an object has itself. Bun needs two thirds of the time that it takes for a map of the same entries. */
function ownOf(object?: object): Values {
  return Object.assign(Object.create(null), object);
}

function build(
  route: Compiled,
  settings: RouterSettings,
  params: object | undefined,
  { absolute, base = settings.base ?? "" }: RouteOptions = {},
): string {
  const given = ownOf(params);
  const text = writeParts(route, settings, given);
  const host = text.replace(/\/.*/, "");
  const path = text.slice(host.length) || "/";
  let start = "";
  if (host || absolute) {
    const [scheme = "https:", site = ""] = splitUrl(settings.origin ?? pageUrl(settings));
    start = `${scheme}//${
      host ? host + site.replace(/[^:]*/, "") : site || fail(route, "missing", "origin")
    }`;
  }
  // But for the root's.
  const slash = settings.slashes === "add" && path[1] ? "/" : "";
  const hash = given["_hash"];
  return start + base + path + slash + writeQuery(route, settings, given) +
    (hash == null ? route.hash : `#${encode(route, "_hash", hash)}`);
}

function writeParts(
  route: Compiled,
  { defaults }: RouterSettings,
  given: Readonly<Values>,
): string {
  let text = "";
  for (const part of route.parts) {
    if (typeof part === "string") text += part;
    else {
      const value = given[part.name] ?? ownOf(defaults)[part.name];
      if (value != null) text += part.slash + writePlace(route, part, value);
      else if (!part.slash) fail(route, "missing", part.name);
    }
  }
  // A browser resolves them before the server sees them.
  return /\/\.\.?(?:\/|$)/.test(text) ? fail(route, "type", "..") : text;
}

function writePlace(route: Compiled, { name, kind, binding, test }: Place, given: unknown): string {
  const value = binding && isObject(given) ? ownOf(given)[binding] : given;
  const items: readonly unknown[] = !kind.startsWith("path")
    ? [value]
    : Array.isArray(value)
    ? value
    : toText(value).split("/");
  const texts = items.map((item) => {
    const text = toText(item);
    return /date\b/.test(kind) && item instanceof Date ? text.slice(0, 10) : text;
  });
  if (texts.includes("")) fail(route, "empty", name);
  if (!test.test(texts.join("/"))) fail(route, "type", name);
  return texts.map((text) => encode(route, name, text)).join("/");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value != null && !(value instanceof Date);
}

/** A value as text; half a surrogate pair, which has no bytes, where it can't be one. */
function toText(given: unknown): string {
  // Nothing, where a date is none.
  const value = given instanceof Date ? given.toJSON() : given;
  return /^[sb]/.test(typeof value) || Number.isFinite(value) ? `${value}` : "\ud800";
}

function encode(route: Compiled, parameter: string, value: unknown): string {
  try {
    return encodeURIComponent(toText(value));
  } catch {
    return fail(route, "type", parameter);
  }
}

function writeQuery(
  route: Compiled,
  settings: RouterSettings,
  given: Readonly<Values>,
): string {
  const values = ownOf(route.fixed);
  for (const key in given) if (!route.keys.has(key)) values[key] = given[key];
  Object.assign(values, given["_query"]);
  for (const key of route.required) if (values[key] == null) fail(route, "missing", key);
  let text = "";
  for (const key in values) {
    text += writePairs(route, settings, key, values[key], route.styles.get(key) || settings.lists);
  }
  return text && `?${text.slice(1)}`;
}

/** With `&` before each. The styles: `[]`, `[0]`, a separator, `json`, `object` for `a=1&b=2`, `reserved`. */
function writePairs(
  route: Compiled,
  settings: RouterSettings,
  name: string,
  given: unknown,
  style = "",
): string {
  if (given == null && (given === undefined || !settings.nulls)) return "";
  const value = style === "json" ? JSON.stringify(given) : given;
  const isList = Array.isArray(value);
  if (isObject(value) && !/^[,%]/.test(style)) {
    // Bun takes long for the entries of a list.
    const entries = isList ? value.map((item, index) => [index, item]) : Object.entries(value);
    return entries.map(([key, item]) => {
      const inner = style === "object"
        ? key
        : !isList || isObject(item) || style === "[0]"
        ? `${name}[${key}]`
        : name + (style === "[]" ? style : "");
      return writePairs(route, settings, inner, item, style === "object" ? "" : style);
    }).join("");
  }
  const write = (item: unknown): string =>
    encode(route, name, settings.booleans && item === !!item ? +item : item);
  const text = isObject(value)
    ? (isList ? value : Object.entries(value).flat()).filter((item) => item != null).map(write)
      .join(style)
    : write(value ?? "");
  return !text && isObject(value)
    ? ""
    : `&${encodeURIComponent(name)}=${
      style === "reserved"
        ? text.replace(/%(?:2[4CF]|3[ABDF]|40|5[BD])/g, decodeURIComponent)
        : text
    }`;
}

function pageUrl({ location }: RouterSettings): string | undefined {
  // Not every program that has routes has a page.
  return location ?? (globalThis as { location?: { href: string } }).location?.href;
}

/** Scheme, host, path, query without its `?`, and `#` with what is behind it. */
function splitUrl(url: string | undefined): readonly (string | undefined)[] {
  return /^(?:(\w+:)?\/\/([^/?#]*))?([^?#]*)\??([^#]*)(.*)/s.exec(`${url}`)?.slice(1) ?? [];
}

/** The text as a pattern. */
function escape(text: string): string {
  return text.replace(/\W/g, "\\$&");
}

/** Names that fit a pattern, in which `*` stands for any text. */
function like(pattern: string): RegExp {
  return new RegExp(`^${pattern.split("*").map(escape).join(".*")}$`, "s");
}

/** The same path with only those escapes that it needs. Throws on a broken one. */
function normalize(path: string): string {
  return path.split("/").map((text) => encodeURIComponent(decodeURIComponent(text))).join("/");
}

function find(
  table: ReadonlyMap<string, () => Compiled>,
  settings: RouterSettings,
  url: string,
  method: string | undefined,
): RouteMatch<string> | null {
  const [, authority, pathname = "", search = ""] = splitUrl(url);
  const { base = "", origin, slashes } = settings;
  const sites = [origin, pageUrl(settings)].map((each) => splitUrl(each)[1]);
  const site = authority ?? sites.find(Boolean) ?? "";
  const query = readQuery(search);
  const text = pathname.startsWith(base)
    ? normalize(pathname.slice(base.length)) || (base || authority ? "/" : "")
    : "";
  const path = slashes ? text.replace(/(.)\/$/, "$1") : text;
  const size = path.split("/").length;
  for (const get of table.values()) {
    const route = get();
    if (route.size > 0 && route.size !== size) continue;
    if (method && !route.methods.includes(method.toUpperCase())) continue;
    // A route without a host is on ours alone.
    const host = route.host
      ? site.replace(/:.*/, "")
      : authority && !sites.includes(authority)
      ? "?"
      : "";
    // Most routes are told apart by how they begin: ten times as fast as an expression.
    const found = (host + path).startsWith(route.start) && route.test.exec(host + path);
    const params = found && readParams(route.places, found);
    if (params && Object.entries(route.fixed).every(([key, value]) => query[key] === value)) {
      return { name: route.name, params, query };
    }
  }
  return null;
}

function readParams(
  places: readonly Place[],
  [, ...texts]: readonly (string | undefined)[],
): RouteMatch<string>["params"] | undefined {
  const params: { [name: string]: string | number } = Object.create(null);
  return places.every(({ name, kind, test }, index) => {
      const raw = texts[index];
      if (raw === undefined) return true;
      const text = decodeURIComponent(raw);
      const value = /int|num/.test(kind) && `${+text}` === text ? +text : text;
      // A name that stands there twice means one value.
      const isSame = (params[name] ??= value) === value;
      return isSame && test.test(text);
    })
    ? params
    : undefined;
}

function readQuery(search: string): RouteMatch<string>["query"] {
  const query: { [name: string]: string | string[] } = Object.create(null);
  for (const pair of search.replace(/\+/g, " ").split("&")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s).map(readText);
    const known = query[name];
    if (pair) query[name] = known == null ? value : [known, value].flat();
  }
  return query;
}

function readText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
