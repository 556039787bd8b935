/**
 * The routes of a Hono app as a route table.
 *
 * @module
 */

/** A route as `app.routes` has it. */
export interface HonoRoute {
  /** In capitals; `ALL` for any. */
  readonly method: string;
  /** For example `/users/:id{[0-9]+}`. */
  readonly path: string;
  /** Whether its handler takes `next`: it stands before others then. */
  readonly takesNext: boolean;
}

const ANY_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** A name behind `:`, its expression in braces (which may hold braces itself), and whether it may be missing. */
const PARAMETER_REGEXP = /:([^/{}?:]+)(?:\{((?:[^{}]|\{[^{}]*\})*)\})?(\?)?/g;
const INT_REGEXP = /^(?:\[0-9\]|\\d)(?:\+|\{[\d,]+\})$/;
const ANY_PATH_REGEXP = /^\.[+*]$/;
const WORDS_REGEXP = /^\(?([\w-]+(?:\|[\w-]+)+)\)?$/;

/** A path in our syntax. */
interface TemplatePath {
  readonly uri: string;
  /** Types of parameters that no converter says. */
  readonly types: Readonly<Record<string, string>>;
}

/**
 * Renders the table. A route's name is its method and path, for that is all that Hono knows of it; several handlers for
 * one path are one route, and what only stands before others is none.
 */
export function honoRoutesJson(routes: readonly HonoRoute[]): string {
  const table: Record<string, unknown> = {};
  for (const { method, path, takesNext } of routes) {
    if (method === "ALL" && (takesNext || path.endsWith("*"))) continue;
    for (const { uri, types } of honoPaths(path)) {
      const plain = uri.replace(/\{([^}:]+):[^}]*\}/g, "{$1}");
      const name = `${method.toLowerCase()} ${plain}`;
      table[name] = {
        uri,
        methods: method === "ALL" ? ANY_METHODS : [method],
        ...Object.keys(types).length === 0 ? {} : { parameterTypes: types },
      };
    }
  }
  return JSON.stringify({ routes: table });
}

/**
 * Brings a path of Hono into our syntax; one whose last parameter may be missing is two.
 *
 * Case: "/users/:id{[0-9]+}" -> "/users/{id:int}"
 * Case: "/files/*" -> "/files/{path:path}"
 * Case: "/api/:version?" -> "/api", "/api/{version}"
 */
export function honoPaths(path: string): readonly TemplatePath[] {
  const types: Record<string, string> = {};
  let isOptional = false;
  const uri = path.replace(PARAMETER_REGEXP, (_, name: string, pattern = "", mark = "") => {
    isOptional ||= mark !== "";
    const words = WORDS_REGEXP.exec(pattern)?.[1];
    if (words !== undefined) {
      types[name] = words.split("|").map((word) => JSON.stringify(word)).join(" | ");
    }
    if (INT_REGEXP.test(pattern)) return `{${name}:int}`;
    return ANY_PATH_REGEXP.test(pattern) ? `{${name}:path}` : `{${name}}`;
  }).replace(/\/\*$/, "/{path:path}").replace(/\/\*(?=\/)/g, "/{any}");
  if (!isOptional) return [{ uri, types }];
  const without = uri.slice(0, uri.lastIndexOf("/")) || "/";
  return [{ uri: without, types: {} }, { uri, types }];
}
