/**
 * `routes/<group>.ts`: a function for each route, which bundlers leave out where it is not used.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { camelIdentifier, createIdentifiers, fileSlug } from "./identifier.ts";
import { compareText, renderString } from "./literal.ts";
import type { Route } from "./model.ts";
import type { GeneratedFile } from "./options.ts";
import type { RouteModules } from "./emit_routes.ts";
import { pathText } from "./path_template.ts";
import { NO_PARAMS } from "./route_params.ts";
import { renderRow } from "./route_row.ts";

/** What stands before the first dot of a name, or the group that its document gives it. */
export function groupOf({ name, group }: Route): string {
  const dot = name.indexOf(".");
  return group ?? (dot > 0 ? name.slice(0, dot) : name);
}

/** A file for each group, and one that has them all. Groups that would be one file on some disk are one file. */
export function emitGroups(modules: RouteModules, sink: DiagnosticSink): readonly GeneratedFile[] {
  const files = new Map<string, GroupRoute[]>();
  for (const [index, route] of modules.prepared.sorted.entries()) {
    const slug = fileSlug(groupOf(route));
    const params = modules.shapes.types[index] ?? NO_PARAMS;
    const known = files.get(slug);
    if (known === undefined) files.set(slug, [{ route, params }]);
    else known.push({ route, params });
  }
  const sorted = [...files].sort(([a], [b]) => compareText(a, b));
  const groups = sorted.map(([slug, routes]) => emitGroup(slug, routes, modules, sink));
  const identifiers = createIdentifiers();
  const exports = sorted.map(([slug]) =>
    `export * as ${identifiers.take(camelIdentifier(slug)).identifier} from ${
      renderString(`./${slug}${modules.extension}`)
    };\n`
  );
  return [...groups, {
    path: "routes/index.ts",
    text: `${modules.header}${exports.join("") || "export {};\n"}`,
  }];
}

interface GroupRoute {
  readonly route: Route;
  /** The interface of its parameters. */
  readonly params: string;
}

function emitGroup(
  slug: string,
  routes: readonly GroupRoute[],
  { settings, extension, header }: RouteModules,
  sink: DiagnosticSink,
): GeneratedFile {
  const params = [...new Set(routes.map(({ params }) => params))].sort();
  const own = params.filter((name) => name !== NO_PARAMS);
  const identifiers = createIdentifiers([
    ...params,
    "createHandle",
    "RouteHandle",
    "RouterSettings",
    "RouteExtras",
    "settings",
  ]);
  const functions = routes.map(({ route, params }) => {
    const { identifier, isNumbered } = identifiers.take(camelIdentifier(ownName(route)));
    if (isNumbered) {
      sink.add(
        "info",
        "ident-collision",
        `routes/${slug}.ts`,
        `"${shown(route.name)}" is called ${identifier}, since others would have the same name`,
      );
    }
    return renderHandle(route, identifier, params);
  });
  const imports = [
    "createHandle",
    ...params.includes(NO_PARAMS) ? ["type RouteExtras"] : [],
    "type RouteHandle",
    "type RouterSettings",
  ];
  const types = own.length === 0
    ? ""
    : `import type { ${own.join(", ")} } from ${renderString(`../routes${extension}`)};\n`;
  const text = `${header}import { ${imports.join(", ")} } from ${
    renderString(`../routes-runtime${extension}`)
  };
${types}
const settings: RouterSettings = ${settings};

${functions.join("\n")}`;
  return { path: `routes/${slug}.ts`, text };
}

/** `users.show` in the group `users` -> `show`. */
function ownName(route: Route): string {
  const prefix = `${groupOf(route)}.`;
  const rest = route.name.startsWith(prefix) ? route.name.slice(prefix.length) : "";
  return rest === "" ? route.name : rest;
}

function renderHandle(route: Route, identifier: string, params: string): string {
  const { methods, path, summary, description, source, isDeprecated } = route;
  const doc = renderDoc({
    summary: summary ?? `${methods.join(" ")} ${pathText(path)}`,
    description,
    tags: [
      ...source === undefined ? [] : [["see", source] as const],
      ...isDeprecated === true ? [["deprecated", ""] as const] : [],
    ],
  });
  const type = `RouteHandle<${params}, ${renderString(methods[0] ?? "GET")}>`;
  return `${doc}export const ${identifier}: ${type} = /* #__PURE__ */ createHandle(${
    renderRow(route)
  }, settings);\n`;
}
