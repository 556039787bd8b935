/**
 * `inertia-pages.json` of litestar-vite as a page model.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { entriesOf, get, getText, isObject, kindOf } from "./json_value.ts";
import type { NamedType, PageModel, TypeImport } from "./model.ts";
import { pointerStep } from "./ref_resolver.ts";
import { componentName } from "./schema_type.ts";
import { type TypeNode, TYPES } from "./type_node.ts";
import { parseType } from "./type_text.ts";

/** How pages are read. */
export interface PageReading {
  /** Its name for diagnostics. */
  readonly where: string;
  /** The OpenAPI components of these names and all that they refer to. */
  readonly components: (names: Iterable<string>) => readonly NamedType[];
  /** Whether there is one of that name. */
  readonly hasComponent: (name: string) => boolean;
}

/** Types that Inertia pages have by default, by the name of the option that includes them. */
const DEFAULTS: { readonly [name: string]: "includeDefaultAuth" | "includeDefaultFlash" } = {
  User: "includeDefaultAuth",
  AuthData: "includeDefaultAuth",
  FlashMessages: "includeDefaultFlash",
};

const ALIASES = new Set([
  "UUID",
  "DateTime",
  "DateOnly",
  "TimeOnly",
  "Duration",
  "Email",
  "URI",
  "IPv4",
  "IPv6",
]);

/** Reads a parsed document; `undefined` where it is none, which is told. */
export function readPages(
  document: unknown,
  reading: PageReading,
  sink: DiagnosticSink,
): PageModel | undefined {
  const { where } = reading;
  if (!isObject(document) || !isObject(get(document, "pages"))) {
    const state = isObject(document) ? `it has no "pages"` : `it is ${kindOf(document)}`;
    sink.add(
      "error",
      "bad-document",
      where,
      `Cannot read "${where}" as pages of Inertia: ${state}`,
    );
    return undefined;
  }
  const names = createTypeNames(document, reading, sink);
  const pages = entriesOf(get(document, "pages")).map(([component, value]) => {
    const at = `${where}#/pages/${pointerStep(component)}`;
    const route = getText(value, "route");
    return { component, props: propsOf(value, names, at), ...route === undefined ? {} : { route } };
  });
  const shared = entriesOf(get(document, "sharedProps")).map(([name, value]) => ({
    name,
    type: names.read(
      getText(value, "type") ?? (typeof value === "string" ? value : "unknown"),
      `${where}#/sharedProps/${pointerStep(name)}`,
    ),
    isOptional: get(value, "optional") === true,
  }));
  const config = get(document, "typeGenConfig");
  return {
    pages,
    shared,
    types: reading.components(names.components()),
    imports: names.imports(),
    hasDefaultAuth: get(config, "includeDefaultAuth") === true,
    hasDefaultFlash: get(config, "includeDefaultFlash") === true,
    fallback: getText(document, "fallbackType") === "any" ? "any" : "unknown",
  };
}

/** The props as they are sent: without the `content` that the document says they are wrapped with. */
function propsOf(value: unknown, names: TypeNames, where: string): TypeNode {
  const ref = getText(value, "schemaRef");
  const component = ref === undefined ? undefined : componentName(ref);
  if (component !== undefined && names.addComponent(component)) {
    return { kind: "ref", name: component };
  }
  const text = getText(value, "tsType") ?? getText(value, "propsType");
  return text === undefined ? { kind: "object", properties: [] } : names.read(text, where);
}

interface TypeNames {
  /** Reads a type string. */
  read(text: string, where: string): TypeNode;
  /** Remembers a component, if it exists. */
  addComponent(name: string): boolean;
  components(): ReadonlySet<string>;
  imports(): readonly TypeImport[];
}

function createTypeNames(
  document: unknown,
  { hasComponent }: PageReading,
  sink: DiagnosticSink,
): TypeNames {
  const used = new Set<string>();
  const imported = new Map<string, string>();
  const config = get(document, "typeGenConfig");
  const paths = get(document, "typeImportPaths");
  const resolve = (name: string): TypeNode | undefined => {
    if (ALIASES.has(name)) return TYPES.string;
    const option = DEFAULTS[name];
    const from = getText(paths, name);
    if (from !== undefined) imported.set(name, from);
    else if (hasComponent(name)) used.add(name);
    else if (
      option === undefined || !Object.hasOwn(DEFAULTS, name) || get(config, option) !== true
    ) return undefined;
    return { kind: "ref", name };
  };
  return {
    read: (text, where) => {
      const type = parseType(text, resolve);
      if (type === undefined) {
        sink.add(
          "warning",
          "unresolved-type",
          where,
          `The type "${shown(text)}" is not known; it is taken as unknown`,
        );
      }
      return type ?? TYPES.unknown;
    },
    addComponent: (name) => {
      const isThere = hasComponent(name);
      if (isThere) used.add(name);
      return isThere;
    },
    components: () => used,
    imports: () => [...imported].map(([name, from]) => ({ name, from })),
  };
}
