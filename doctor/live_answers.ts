/**
 * Reads what the running system answers.
 *
 * @module
 */
import type { Fields, InstanceFact } from "./snapshot.ts";

function fieldsOf(value: unknown): Fields {
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null ? value as Fields : {};
}

const textOr = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
const numberOr = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

/** Reads how a sidecar says that it is; `undefined` if this is none. */
export function parseInstance(
  text: string,
  { pid, url }: Pick<InstanceFact, "pid" | "url">,
): InstanceFact | undefined {
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { mode } = fields;
  if (mode !== "dev" && mode !== "production") return undefined;
  const vite = fields["vite"] === undefined ? undefined : fieldsOf(fields["vite"]);
  const app = fieldsOf(fields["app"]);
  return {
    pid,
    url,
    mode,
    vite: vite === undefined ? undefined : {
      condition: textOr(vite["condition"]) ?? "unknown",
      port: numberOr(vite["port"]),
      pid: numberOr(vite["pid"]),
      base: textOr(vite["base"]) ?? "/",
    },
    app: {
      kind: textOr(app["kind"]) ?? "none",
      condition: textOr(app["condition"]) ?? "unknown",
      origin: textOr(app["origin"]),
    },
  };
}

const SCRIPT_REGEXP = /<script\b[^<>]*>/gi;

/** The first module of a page that is of the page's own origin: its path. */
export function firstModule(html: string, url: string): string | undefined {
  for (const [tag] of html.matchAll(SCRIPT_REGEXP)) {
    if (!/\btype\s*=\s*["']?module\b/i.test(tag)) continue;
    const [, , src = ""] = /\bsrc\s*=\s*(["']?)([^"'\s>]+)\1/i.exec(tag) ?? [];
    if (src === "" || !URL.canParse(src, url)) continue;
    const { origin, pathname, search } = new URL(src, url);
    if (origin === new URL(url).origin) return pathname + search;
  }
  return undefined;
}

/** Where Vite's client opens its socket, and what it shows there. */
export function hmrPlace(
  client: string,
  base: string,
): { readonly path: string; readonly token: string | undefined } {
  const [, token] = /\bwsToken\s*=\s*"([^"]+)"/.exec(client) ?? [];
  // Case: `${hmrPort || importMetaUrl.port}${"/static/vite-hmr"}`
  const [, path = base] = /\}\$\{"(\/[^"]*)"\}`/.exec(client) ?? [];
  return { path, token };
}
