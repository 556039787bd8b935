/**
 * What the servers of an OpenAPI document say about its paths.
 *
 * @module
 */
import { entriesOf, get, getText } from "./json_value.ts";

/** `none`: nothing; `path`: the path of a server without a host; `all`: path and origin of any server. */
export type ServerChoice = "none" | "path" | "all";

/** What a server adds. */
export interface ServerParts {
  /** Stands before the paths; without a slash at its end. */
  readonly prefix: string;
  /** What absolute URLs start with. */
  readonly origin?: string;
}

/** Reads the first of several servers. */
export function serverOf(servers: readonly unknown[], choice: ServerChoice): ServerParts {
  const [server] = servers;
  const url = getText(server, "url");
  if (choice === "none" || url === undefined) return { prefix: "" };
  const text = filled(url, get(server, "variables"));
  const [, origin, path = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+|\/\/[^/?#]+)?([^?#]*)/i.exec(text) ?? [];
  if (origin === undefined) return { prefix: prefixOf(path) };
  if (choice !== "all") return { prefix: "" };
  const isPlain = /^https?:\/\/[\w.-]+(?::\d+)?$/i.test(origin);
  return isPlain ? { prefix: prefixOf(path), origin } : { prefix: prefixOf(path) };
}

/** `https://{region}.h` -> with the defaults of its variables. */
function filled(url: string, variables: unknown): string {
  return entriesOf(variables).reduce(
    (text, [name, variable]) =>
      text.replaceAll(`{${name}}`, String(get(variable, "default") ?? "")),
    url,
  );
}

/** `/api/v1/` -> `/api/v1`, `../v2` -> `/v2`, `/` -> nothing. */
function prefixOf(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  // A brace that is left over belongs to a variable that is not declared.
  return steps.map((step) => `/${step.replace(/[{}]/g, "")}`).join("");
}
