/**
 * JSON for inside a `<script>` element.
 *
 * @module
 */

/** `</script>` and `<!--` end or swallow the element; U+2028 and U+2029 end a line in scripts before ES2019. */
const UNSAFE_REGEXP = /[<>&\u2028\u2029]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Serialises a value as JSON that can't leave the `<script>` it stands in, and is an expression of JavaScript too.
 *
 * As an expression it differs from the JSON in one point: a key `__proto__` sets the prototype there.
 *
 * @param value Anything that `JSON.stringify` takes; `toJSON` is honoured.
 * @param name What the value is called in errors.
 * @throws {TypeError} If the value is, or contains, a BigInt or itself, or there is no JSON for it (`undefined`, a
 * function, a symbol).
 */
export function scriptJson(value: unknown, name = "value"): string {
  const json = stringify(value, name);
  return json.replace(UNSAFE_REGEXP, (character) => ESCAPES[character] ?? character);
}

function stringify(value: unknown, name: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw explain(value, name, cause);
  }
  if (json !== undefined) return json;
  throw new TypeError(`Cannot serialise "${name}" as JSON: it is ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  const type = typeof value;
  return type === "function" || type === "symbol" ? `a ${type}` : `an object without a JSON form`;
}

/** The runtimes word it differently, and none says where in the value it is. */
function explain(value: unknown, name: string, cause: unknown): unknown {
  const problem = cause instanceof TypeError ? findProblem(value, name, []) : undefined;
  if (problem === undefined) return cause;
  return new TypeError(`Cannot serialise "${problem.path}" as JSON: it is ${problem.state}`, {
    cause,
  });
}

interface Problem {
  readonly path: string;
  readonly state: string;
}

function findProblem(
  value: unknown,
  path: string,
  ancestors: readonly unknown[],
): Problem | undefined {
  if (typeof value === "bigint") return { path, state: "a BigInt" };
  if (typeof value !== "object" || value === null || "toJSON" in value) return undefined;
  if (ancestors.includes(value)) return { path, state: "an object that contains itself" };
  for (const [key, child] of Object.entries(value)) {
    const childPath = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const problem = findProblem(child, childPath, [...ancestors, value]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
