/**
 * Which paths the app is known to answer: from its route table, `routes.json` or `openapi.json`.
 *
 * @module
 */

/** Paths that belong to somebody. */
export interface KnownRoutes {
  /** Whether a path, still encoded and without its query, is one of them. */
  matches(path: string): boolean;
  /** How many patterns there are. */
  readonly size: number;
}

/** A tree of path segments; a parameter is under `*`, the rest of a path under `**`. */
interface Node {
  readonly children: Map<string, Node>;
  /** Parameters with a literal before or behind them, such as `{id}.json`. */
  readonly partial: Map<string, PartialSegment>;
  isEnd: boolean;
}

interface PartialSegment {
  readonly prefix: string;
  readonly suffix: string;
  readonly node: Node;
}

/**
 * Compiles path patterns.
 *
 * A parameter is `{name}`, `{name:type}`, `:name` or `*`; `{name:path}` and a final `*` take the rest of the path.
 *
 * @param patterns For example `/users/{id:int}`, `/files/{rest:path}`, `/reports/*`.
 * @returns The compiled patterns; a look-up walks the segments of a path once.
 */
export function compileRoutes(patterns: Iterable<string>): KnownRoutes {
  const root = newNode();
  let size = 0;
  for (const pattern of patterns) {
    insert(root, segmentsOf(pattern));
    size++;
  }
  return { size, matches: (path) => size > 0 && find(root, segmentsOf(upperEscapes(path)), 0) };
}

function newNode(): Node {
  return { children: new Map(), partial: new Map(), isEnd: false };
}

function segmentsOf(path: string): string[] {
  // Case: "/" -> []; "/users/" -> ["users"]: frameworks differ on the final slash, a browser's address bar too.
  return path.split("/").filter((segment) => segment !== "");
}

function insert(root: Node, segments: readonly string[]): void {
  let node = root;
  for (const [index, segment] of segments.entries()) {
    node = childFor(node, segment, index === segments.length - 1);
  }
  node.isEnd = true;
}

const REST_REGEXP = /^\{[^}:]*:path\}$|^\*\*$|^:\w+\*$/;
const PARAMETER_REGEXP = /^\{[^}]*\}$|^:|^\*$/;

function childFor(node: Node, segment: string, isLast: boolean): Node {
  if (REST_REGEXP.test(segment) || (isLast && segment === "*")) return child(node, "**");
  if (PARAMETER_REGEXP.test(segment)) return child(node, "*");
  const start = segment.indexOf("{");
  const end = segment.lastIndexOf("}");
  if (start < 0 || end < start) return child(node, encodeLiteral(segment));
  // Case: "v{major}.{minor}" -> "v" and "": what stands between parameters is not looked at.
  const prefix = encodeLiteral(segment.slice(0, start));
  const suffix = encodeLiteral(segment.slice(end + 1));
  const key = `${prefix}*${suffix}`;
  const partial = node.partial.get(key) ?? { prefix, suffix, node: newNode() };
  node.partial.set(key, partial);
  return partial.node;
}

function child(node: Node, key: string): Node {
  const next = node.children.get(key) ?? newNode();
  node.children.set(key, next);
  return next;
}

/** Encodes as browsers do, and leaves what is encoded already. */
function encodeLiteral(segment: string): string {
  try {
    return upperEscapes(encodeURI(segment).replaceAll(/%25(?=[0-9A-Fa-f]{2})/g, "%"));
  } catch {
    // Half of a surrogate pair, which no URL holds.
    return segment;
  }
}

function upperEscapes(path: string): string {
  if (!path.includes("%")) return path;
  return path.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => escape.toUpperCase());
}

function find(node: Node, segments: readonly string[], at: number): boolean {
  const segment = segments[at];
  if (node.children.get("**")?.isEnd === true) return true;
  if (segment === undefined) return node.isEnd;
  const exact = node.children.get(segment);
  if (exact !== undefined && find(exact, segments, at + 1)) return true;
  for (const { prefix, suffix, node: next } of node.partial.values()) {
    if (isBetween(segment, prefix, suffix) && find(next, segments, at + 1)) return true;
  }
  const parameter = node.children.get("*");
  return parameter !== undefined && find(parameter, segments, at + 1);
}

function isBetween(segment: string, prefix: string, suffix: string): boolean {
  return segment.length > prefix.length + suffix.length && segment.startsWith(prefix) &&
    segment.endsWith(suffix);
}

/**
 * Reads the paths out of a `routes.json` of litestar-vite or of Ziggy, or out of an OpenAPI document.
 *
 * @param text JSON.
 * @returns The path patterns, from the root on.
 * @throws {SyntaxError} If it is not JSON or none of these documents.
 */
export function parseRoutePaths(text: string): string[] {
  const document: unknown = JSON.parse(text);
  if (isRecord(document)) {
    if (isRecord(document.paths)) return openApiPaths(document, document.paths);
    if (isRecord(document.routes)) return Object.values(document.routes).flatMap(routeUri);
  }
  throw new SyntaxError(
    'Cannot read routes from the document: it has neither "paths" (OpenAPI) nor "routes"',
  );
}

function openApiPaths(
  document: Record<string, unknown>,
  paths: Record<string, unknown>,
): string[] {
  const prefix = serverPrefix(document.servers);
  return Object.keys(paths).filter((path) => path.startsWith("/")).map((path) => prefix + path);
}

/** Only a relative server says where the paths hang on this very host. */
function serverPrefix(servers: unknown): string {
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined;
  const url = isRecord(first) ? first.url : undefined;
  if (typeof url !== "string" || !url.startsWith("/") || url.startsWith("//")) return "";
  return url.endsWith("/") ? url.slice(0, -1) : url;
}

function routeUri(route: unknown): string[] {
  if (!isRecord(route) || typeof route.uri !== "string") return [];
  return [route.uri.startsWith("/") ? route.uri : `/${route.uri}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
