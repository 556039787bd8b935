/**
 * `page-props.ts`: what each Inertia page gets, and `page-props.user.ts`, where a user adds to it.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import type { DiagnosticSink } from "./diagnostic.ts";
import { compareText, renderString } from "./literal.ts";
import type { NamedType, Page, PageModel } from "./model.ts";
import { declareTypes } from "./named_types.ts";
import type { GeneratedFile } from "./options.ts";
import { renderProperties, renderType, type TypeStyle } from "./render_type.ts";
import { type TypeNode, TYPES, unionOf } from "./type_node.ts";

const OWN_NAMES: readonly string[] = [
  ...["ComponentName", "GeneratedSharedProps", "InertiaPageProps", "PageProps", "SharedProps"],
  ...["UserSharedProps"],
];

/** How the files are written. */
export interface PageFileOptions {
  readonly header: string;
  /** How imports end. */
  readonly extension: string;
  /** The module that has the OpenAPI components. */
  readonly from: string | undefined;
}

/** Both files. */
export function emitPages(
  model: PageModel,
  options: PageFileOptions,
  sink: DiagnosticSink,
): readonly GeneratedFile[] {
  const { header, extension, from } = options;
  const fallback = model.fallback ?? "unknown";
  const components = model.types ?? [];
  const usual = usualTypes(model).filter(({ name }) =>
    components.every((each) => each.name !== name)
  );
  const imports = (model.imports ?? []).map(({ name }) => name);
  const declared = declareTypes(
    from === undefined ? [...components, ...usual] : usual,
    { own: [...OWN_NAMES, ...imports], fallback },
    "page-props.ts",
    sink,
  );
  const taken = from === undefined ? undefined : declareTypes(
    components,
    { own: [...OWN_NAMES, ...imports], from, fallback },
    "page-props.ts",
    sink,
  );
  const isImported = new Set(imports.filter(isIdentifier));
  const style: TypeStyle = {
    nameOf: (name) =>
      declared.nameOf(name) ?? taken?.nameOf(name) ?? (isImported.has(name) ? name : undefined),
    isUrl: false,
    fallback,
  };
  const text = [
    header,
    importTexts(model, extension),
    taken?.text ?? "",
    declared.text === "" ? "" : `\n${declared.text}`,
    `\n${renderShared(model, style)}\n${renderPages(model.pages, style)}`,
  ].join("");
  return [{ path: "page-props.ts", text }, emitUserFile()];
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function importTexts({ imports = [] }: PageModel, extension: string): string {
  const own = `import type { UserSharedProps } from ${
    renderString(`./page-props.user${extension}`)
  };\n`;
  const others = imports.filter(({ name }) => isIdentifier(name))
    .map(({ name, from }) => `import type { ${name} } from ${renderString(from)};\n`);
  return [own, ...others.sort()].join("");
}

function usualTypes(
  { hasDefaultAuth = false, hasDefaultFlash = false }: PageModel,
): readonly NamedType[] {
  const auth: readonly NamedType[] = [
    {
      name: "User",
      type: objectOf({ id: TYPES.string, email: TYPES.string }, {
        name: unionOf([TYPES.string, TYPES.null]),
      }),
    },
    {
      name: "AuthData",
      type: objectOf({ isAuthenticated: TYPES.boolean }, { user: { kind: "ref", name: "User" } }),
    },
  ];
  const messages: TypeNode = { kind: "array", items: TYPES.string };
  const flash: NamedType = {
    name: "FlashMessages",
    type: { kind: "object", properties: [], additional: messages },
  };
  return [...hasDefaultAuth ? auth : [], ...hasDefaultFlash ? [flash] : []];
}

function objectOf(
  required: { readonly [name: string]: TypeNode },
  optional: { readonly [name: string]: TypeNode },
): TypeNode {
  const list = (types: { readonly [name: string]: TypeNode }, isOptional: boolean) =>
    Object.entries(types).map(([name, type]) => ({ name, type, isOptional }));
  return { kind: "object", properties: [...list(required, false), ...list(optional, true)] };
}

function renderShared({ shared = [] }: PageModel, style: TypeStyle): string {
  const lines = renderProperties(shared, style, "").map((line) => `  ${line}\n`);
  const generated = lines.length === 0
    ? "export type GeneratedSharedProps = Record<never, never>;\n"
    : `export interface GeneratedSharedProps {\n${lines.join("")}}\n`;
  return `/** What the server shares with every page. */
${generated}
/** What every page gets: what the server shares, and what \`page-props.user.ts\` adds. */
export type SharedProps = GeneratedSharedProps & UserSharedProps;
`;
}

function renderPages(pages: readonly Page[], style: TypeStyle): string {
  const sorted = [...pages].sort((a, b) => compareText(a.component, b.component));
  const lines = sorted.map(({ component, props, route }) =>
    `${renderDoc({ summary: route }, "  ")}  readonly ${renderString(component)}: ${
      renderType(props, style, "  ")
    };\n`
  );
  const map = lines.length === 0
    ? "export type PageProps = Record<never, never>;\n"
    : `export interface PageProps {\n${lines.join("")}}\n`;
  return `/** The props of each page, as they are sent. */
${map}
/** The names of the pages' components. */
export type ComponentName = keyof PageProps;

/** All props of a page: its own and the shared ones. */
export type InertiaPageProps<Component extends ComponentName> = PageProps[Component] & SharedProps;
`;
}

function emitUserFile(): GeneratedFile {
  const text = `/**
 * Props that every page gets and that no document describes. This file is yours: it was generated once and is never
 * overwritten.
 */
export type UserSharedProps = Record<never, never>;
// For example: export interface UserSharedProps { readonly theme: "light" | "dark" }
`;
  return { path: "page-props.user.ts", text, once: true };
}
