/**
 * Names for operations: their ids without what a producer adds, or method and path.
 *
 * @module
 */

/** What a name is made of. */
export interface NamedOperation {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
}

/**
 * Names operations, each by itself: another operation changes a name only by wanting the same one.
 *
 * Where several want one name, each gets its whole id; where these are equal too, its method and path. Numbers that a
 * producer put behind ids are nobody's name: who comes first may differ from run to run.
 */
export function nameOperations(
  operations: readonly NamedOperation[],
  isCleaned: boolean,
): readonly string[] {
  const ids = operations.map(({ id }) => id?.trim() ? id : undefined);
  const plain = withoutNumbers(ids);
  const cleaned = isCleaned ? cleanIds(operations, plain) : plain;
  const candidates = [cleaned, plain].map((names) => ({ names, counts: countsOf(names) }));
  return operations.map((operation, index) => {
    for (const { names, counts } of candidates) {
      const name = names[index];
      if (name !== undefined && counts.get(name) === 1) return name;
    }
    return fallbackName(operation);
  });
}

function countsOf(names: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** `get /users/{id}`: says what it is, and stays. */
function fallbackName({ method, path }: NamedOperation): string {
  return `${method.toLowerCase()} ${path}`;
}

const NUMBER_REGEXP = /_\d+$/;

/** springdoc and drf-spectacular: `list`, `list_1`, `list_2` -> three times `list`. */
function withoutNumbers(ids: readonly (string | undefined)[]): readonly (string | undefined)[] {
  if (!ids.some((id) => id !== undefined && NUMBER_REGEXP.test(id))) return ids;
  const known = new Set(ids);
  return ids.map((id) => {
    const base = id?.replace(NUMBER_REGEXP, "");
    // `point_3` alone is a name; beside `point` it is the third of its kind.
    return base !== undefined && known.has(base) ? base : id;
  });
}

function cleanIds(
  operations: readonly NamedOperation[],
  ids: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const isLitestar = isLitestarDocument(operations, ids);
  return ids.map((id, index) => {
    const operation = operations[index];
    if (id === undefined || operation === undefined) return id;
    return (isLitestar ? cleanLitestar(id, operation) : cleanFastapi(id, operation)) ?? id;
  });
}

/** FastAPI: read_item_items__item_id__get on /items/{item_id} -> read_item */
function cleanFastapi(id: string, { path }: NamedOperation): string | undefined {
  const [, method = ""] = /_([a-z]+)$/.exec(id) ?? [];
  if (!METHODS.has(method)) return undefined;
  const middle = path.replace(/[^\p{L}\p{N}_]/gu, "_");
  const noise = `${middle}_${method}`;
  const isNoise = id.length > noise.length && id.endsWith(noise);
  return isNoise ? id.slice(0, -noise.length) : undefined;
}

/** With several methods on one function, the one in the id is any of them. */
const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

const SEPARATORS_REGEXP = /[!#$%&'*+\-.^_`|~:]+/g;

/** Litestar: the titles of the path's components that are not yet there, then the title of the function. */
function litestarNamespace(path: string): string {
  const components = path.split("/").filter((text) => text !== "").map((text) =>
    text.replace(/^\{([^}:]*).*\}$/, "$1")
  );
  const joined = components.reduce((namespace, component) => {
    const titled = title(component);
    return namespace.includes(titled) ? namespace : namespace + titled;
  }, "");
  return joined.replace(SEPARATORS_REGEXP, "");
}

/** As Python has it: a letter behind something else is large, behind a letter small. */
function title(text: string): string {
  return text.toLowerCase().replace(
    /\p{L}+/gu,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
}

const LITESTAR_REGEXP = /^[A-Z][A-Za-z0-9]*$/;

/** All ids follow Litestar's rule, and at least three of them by more than chance. */
function isLitestarDocument(
  operations: readonly NamedOperation[],
  ids: readonly (string | undefined)[],
): boolean {
  // Before namespaces are made, which takes longer.
  if (!ids.every((id) => id !== undefined && LITESTAR_REGEXP.test(id))) return false;
  const namespaces = operations.map(({ path }) => litestarNamespace(path));
  const follows = (id: string | undefined, index: number): boolean => {
    const namespace = namespaces[index] ?? "";
    return id !== undefined && id.startsWith(namespace) && id.length > namespace.length;
  };
  return ids.every(follows) && namespaces.filter((each) => each !== "").length >= 3;
}

/** ApiBooksBookIdBookDetail on /api/books/{book_id} -> book_detail */
function cleanLitestar(id: string, { path }: NamedOperation): string {
  const handler = id.slice(litestarNamespace(path).length);
  return handler.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}
