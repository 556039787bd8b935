/**
 * `routes.json` of Ziggy: the route table of a Laravel application.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { entriesOf, get, getList, getText } from "./json_value.ts";
import type { PathPart, Route, RouteModel, RouteParameter } from "./model.ts";
import { parseHost, parsePathTemplate } from "./path_template.ts";
import { methodsOf } from "./read_litestar.ts";
import { pointerStep } from "./ref_resolver.ts";
import { crossesSegments, safePattern } from "./regex_pattern.ts";
import { type TypeNode, unionOf } from "./type_node.ts";
import { CONVERTER_TYPES } from "./converter_types.ts";

/** Reads a parsed table. */
export function readZiggy(document: unknown, where: string, sink: DiagnosticSink): RouteModel {
  const routes = entriesOf(get(document, "routes")).map(([name, value]) =>
    readRoute(name, value, `${where}#/routes/${pointerStep(name)}`, sink)
  );
  const defaults = Object.fromEntries(
    entriesOf(get(document, "defaults")).filter((
      entry,
    ): entry is readonly [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number"
    ),
  );
  const { origin, base } = readUrl(document, where, sink);
  return {
    routes,
    defaults,
    ...origin === undefined ? {} : { origin },
    ...base === "" ? {} : { base },
  };
}

/** "https://app.test/sub" and 8443 -> the origin with its port, and the base. */
function readUrl(
  document: unknown,
  where: string,
  sink: DiagnosticSink,
): { readonly origin: string | undefined; readonly base: string } {
  const url = getText(document, "url");
  if (url === undefined) return { origin: undefined, base: "" };
  const [, site, port, base = ""] =
    /^(https?:\/\/[\w.-]+|https?:\/\/\[[\da-f:]+\])(:\d+)?((?:\/[\w.~-]+)*)\/?$/i.exec(url) ?? [];
  if (site === undefined) {
    sink.add(
      "warning",
      "bad-document",
      `${where}#/url`,
      `The URL "${shown(url)}" is none; it is left out`,
    );
    return { origin: undefined, base: "" };
  }
  const other = get(document, "port");
  const own = port ?? (typeof other === "number" ? `:${other}` : "");
  return { origin: site + own, base };
}

function readRoute(name: string, value: unknown, where: string, sink: DiagnosticSink): Route {
  const uri = getText(value, "uri") ?? "/";
  const template = parsePathTemplate(uri, "ziggy");
  if (template.hasOddBraces) {
    sink.add(
      "warning",
      "bad-template",
      where,
      `Braces in "${shown(uri)}" enclose no name; they are text`,
    );
  }
  const domain = getText(value, "domain");
  const host = domain === undefined || domain === "" ? undefined : parseHost(domain);
  const wheres = readWheres(value, where, sink);
  const parts = template.parts.map((part): PathPart => {
    if (typeof part === "string") return part;
    const pattern = wheres.get(part.name);
    const isPath = pattern !== undefined && crossesSegments(pattern);
    return isPath ? { ...part, converter: "path" } : part;
  });
  const places = [...parts, ...host ?? []].filter((part) => typeof part === "object");
  const hosts = new Set(
    (host ?? []).flatMap((part) => typeof part === "string" ? [] : [part.name]),
  );
  const bindings = get(value, "bindings");
  const component = getText(value, "component");
  return {
    name,
    path: parts,
    methods: methodsOf({ methods: getList(value, "methods") }),
    parameters: places.map((part): RouteParameter => {
      const binding = getText(bindings, part.name);
      const pattern = wheres.get(part.name);
      return {
        name: part.name,
        place: hosts.has(part.name) ? "host" : "path",
        ...pattern === undefined || pattern === ".*" || pattern === ".+" ? {} : { pattern },
        ...binding === undefined
          ? {}
          : { binding, type: boundType(binding, CONVERTER_TYPES[part.converter]) },
      };
    }),
    ...host === undefined ? {} : { host },
    ...template.fixedQuery.length === 0 ? {} : { fixedQuery: template.fixedQuery },
    ...component === undefined ? {} : { component },
  };
}

/** A model may stand for its key. */
function boundType(binding: string, type: TypeNode): TypeNode {
  return unionOf([type, { kind: "object", properties: [{ name: binding, type }] }]);
}

function readWheres(
  value: unknown,
  where: string,
  sink: DiagnosticSink,
): ReadonlyMap<string, string> {
  const patterns = entriesOf(get(value, "wheres")).flatMap(([name, pattern]) => {
    if (typeof pattern !== "string") return [];
    const safe = safePattern(pattern);
    if (safe === undefined) {
      sink.add(
        "warning",
        "bad-regex",
        where,
        `The pattern "${shown(pattern)}" of "${
          shown(name)
        }" is not one that can be checked here; it is left out`,
      );
    }
    return safe === undefined ? [] : [[name, safe] as const];
  });
  return new Map(patterns);
}
