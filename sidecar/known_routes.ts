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
  isEnd: boolean;
}

/**
 * Compiles path patterns.
 *
 * A parameter is `{name}`, `{name:type}` or `:name`; `{name:path}` and a final `*` take the rest of the path.
 *
 * @param patterns For example `/users/{id:int}`, `/files/{rest:path}`, `/reports/*`.
 * @returns The compiled patterns; a look-up walks the segments of a path once.
 */
export function compileRoutes(patterns: Iterable<string>): KnownRoutes {
  const root = newNode();
  let size = 0;
  for (const pattern of patterns) {
    insert(root, segmentsOf(pattern).map(segmentKey));
    size++;
  }
  return { size, matches: (path) => size > 0 && find(root, segmentsOf(path), 0) };
}

function newNode(): Node {
  return { children: new Map(), isEnd: false };
}

function segmentsOf(path: string): string[] {
  // Case: "/" -> []; "/users/" -> ["users"]: frameworks differ on the final slash, a browser's address bar too.
  return path.split("/").filter((segment) => segment !== "");
}

const REST_REGEXP = /^\{[^}:]*:path\}$|^\*\*?$|^:\w+\*$/;
const PARAMETER_REGEXP = /\{[^}]*\}|^:/;

function segmentKey(segment: string): string {
  if (REST_REGEXP.test(segment)) return "**";
  // "{id}.json" and "v{major}" count as parameters: to claim too much here is safe, the app answers 404 itself.
  if (PARAMETER_REGEXP.test(segment)) return "*";
  return encodeURI(decodeSafely(segment));
}

function decodeSafely(segment: string): string {
  try {
    return decodeURI(segment);
  } catch {
    return segment;
  }
}

function insert(root: Node, keys: readonly string[]): void {
  let node = root;
  for (const key of keys) {
    const next = node.children.get(key) ?? newNode();
    node.children.set(key, next);
    node = next;
  }
  node.isEnd = true;
}

function find(node: Node, segments: readonly string[], at: number): boolean {
  const segment = segments[at];
  if (node.children.get("**")?.isEnd === true) return true;
  if (segment === undefined) return node.isEnd;
  const exact = node.children.get(segment);
  if (exact !== undefined && find(exact, segments, at + 1)) return true;
  const parameter = node.children.get("*");
  return parameter !== undefined && find(parameter, segments, at + 1);
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
