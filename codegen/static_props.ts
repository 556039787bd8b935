/**
 * Static props: values that a front end imports, as a module and as its types.
 *
 * @module
 */
import { compareText, renderJson, renderString, sortedEntries } from "./literal.ts";

/** Values by name; plain JSON. */
export type StaticProps = Readonly<Record<string, unknown>>;

/** What a front end imports. */
export const STATIC_PROPS_MODULE = "virtual:lv-static-props";

/** Every name that means them: the second is litestar-vite's. */
export const STATIC_PROPS_MODULES: readonly string[] = [
  STATIC_PROPS_MODULE,
  "virtual:litestar-static-props",
];

/** The file of their types, in the folder of generated files. */
export const STATIC_PROPS_TYPES_FILE = "static-props.d.ts";

const NAME_REGEXP = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const SECRET_REGEXP = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?|PRIVATE_KEY)(?:_|$)/;

/** Whether a property is an export of its own; reserved words are, as `import { class as kind }` can name them. */
function isExported(key: string): boolean {
  return NAME_REGEXP.test(key) && key !== "default";
}

/**
 * Renders the module: each property by its name where it has a name that can be imported, and all as the default.
 *
 * A bundler drops what nobody imports, so a long list costs nothing.
 */
export function renderStaticPropsModule(props: StaticProps): string {
  const entries = sortedEntries(props);
  const values = entries.map(([, value], index) => `const $${index} = ${renderJson(value)};\n`);
  const all = entries.map(([key], index) => `  [${renderString(key)}]: $${index},\n`).join("");
  return `${values.join("")}${renderExports(entries)}export default {\n${all}};\n`;
}

function renderExports(entries: readonly (readonly [string, unknown])[], indent = ""): string {
  const names = entries.flatMap(([key], index) =>
    isExported(key) ? [`${indent}  $${index} as ${key},\n`] : []
  );
  return names.length === 0 ? "" : `${indent}export {\n${names.join("")}${indent}};\n`;
}

/** Renders the types of the module; no value, so that a change of one changes no file. */
export function renderStaticPropsTypes(props: StaticProps): string {
  const entries = sortedEntries(props);
  const [own = "", ...others] = STATIC_PROPS_MODULES;
  const values = entries.map(([, value], index) =>
    `  const $${index}: ${renderTypeOf(value, "  ")};\n`
  );
  const all = entries.map(([key], index) =>
    `    readonly ${renderString(key)}: typeof $${index};\n`
  );
  const aliases = others.map((name) =>
    `\ndeclare module ${renderString(name)} {\n` +
    `  export * from ${renderString(own)};\n  export { default } from ${renderString(own)};\n}\n`
  );
  return [
    "// Written by @lv/sidecar from the option staticProps. Do not edit.\n\n",
    `declare module ${renderString(own)} {\n`,
    ...values,
    renderExports(entries, "  "),
    `  const props: {\n${all.join("")}  };\n  export default props;\n}\n`,
    ...aliases,
  ].join("");
}

function renderTypeOf(value: unknown, indent: string): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const items = [...new Set(value.map((item) => renderTypeOf(item, indent)))].sort(compareText);
    return items.length === 0 ? "readonly unknown[]" : `readonly (${items.join(" | ")})[]`;
  }
  if (typeof value !== "object") return typeof value;
  const properties = sortedEntries(value).map(([key, each]) =>
    `${indent}  readonly ${renderString(key)}: ${renderTypeOf(each, `${indent}  `)};\n`
  );
  return properties.length === 0
    ? "Readonly<Record<string, never>>"
    : `{\n${properties.join("")}${indent}}`;
}

/** The properties, at any depth, whose names look as if they held a secret: every visitor can read them. */
export function findSecretNames(props: StaticProps, path = ""): readonly string[] {
  return sortedEntries(props).flatMap(([key, value]): readonly string[] => {
    const place = `${path}${key}`;
    // Case: apiToken -> API_TOKEN
    const name = key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll("-", "_").toUpperCase();
    if (SECRET_REGEXP.test(name)) return [place];
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    // An object has properties by name.
    return isObject ? findSecretNames(value as StaticProps, `${place}.`) : [];
  });
}
