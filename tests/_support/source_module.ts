/**
 * What a source file imports, exports and names, from its syntax tree: comments and texts can't deceive it.
 *
 * @module
 */
import { parseSync } from "vite";

/** One import, re-export or `import()`. */
export interface ImportEdge {
  readonly specifier: string;
  readonly kind: "value" | "type" | "dynamic" | "text";
  /** Whether it is `export … from`. */
  readonly isReExport: boolean;
  /** Whether everything is taken over: `export * from`. */
  readonly isStar: boolean;
  readonly line: number;
}

/** A name in use. */
export interface NameUse {
  /** `fetch`, or with its property: `Math.random`. */
  readonly name: string;
  readonly line: number;
}

/** What the rules look at. */
export interface SourceModule {
  readonly imports: readonly ImportEdge[];
  /** Values that are read or called; neither types nor properties. */
  readonly names: readonly NameUse[];
  /** Every identifier wherever it stands. */
  readonly identifiers: readonly NameUse[];
  /** `await`, `async` and `for await`. */
  readonly waits: readonly NameUse[];
  /** Lines of `export default`. */
  readonly defaultExports: readonly number[];
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number };

/** Which child of a node is a name without being the use of a value. */
const NO_VALUE: Readonly<Record<string, readonly string[]>> = {
  ExportSpecifier: ["exported"],
  ImportSpecifier: ["imported", "local"],
  LabeledStatement: ["label"],
  TSInterfaceDeclaration: ["id"],
  TSMethodSignature: ["key"],
  TSPropertySignature: ["key"],
  TSQualifiedName: ["right"],
  TSTypeAliasDeclaration: ["id"],
  TSTypeQuery: ["exprName"],
  TSTypeReference: ["typeName"],
};
const KEYED: readonly string[] = ["MethodDefinition", "Property", "PropertyDefinition"];

/**
 * Reads a TypeScript or JavaScript file.
 *
 * @throws {SyntaxError} If it can't be parsed.
 */
export function parseSourceModule(path: string, text: string): SourceModule {
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) {
    throw new SyntaxError(`Cannot parse "${path}": ${errors[0].message}`);
  }
  const imports: ImportEdge[] = [];
  const names: NameUse[] = [];
  const identifiers: NameUse[] = [];
  const waits: NameUse[] = [];
  const defaultExports: number[] = [];
  // The tree is plain data; isNode looks at each part of it.
  visit(program as unknown as Node, (node, isValue) => {
    const line = lineOf(text, node.start);
    const edge = importEdge(node, line);
    if (edge !== undefined) imports.push(edge);
    if (node.type === "Identifier") identifiers.push({ name: String(node["name"]), line });
    if (node.type === "Identifier" && isValue) names.push({ name: String(node["name"]), line });
    if (node.type === "MemberExpression") names.push({ name: memberName(node), line });
    if (node.type === "AwaitExpression" || node["await"] === true) {
      waits.push({ name: "await", line });
    }
    if (node["async"] === true) waits.push({ name: "async", line });
    if (node.type === "ExportDefaultDeclaration") defaultExports.push(line);
  });
  return { imports, names, identifiers, waits, defaultExports };
}

function visit(node: Node, see: (node: Node, isValue: boolean) => void, isValue = true): void {
  see(node, isValue);
  for (const [key, child] of Object.entries(node)) {
    const isChildValue = !(NO_VALUE[node.type]?.includes(key) || isPlainKey(node, key));
    for (const each of Array.isArray(child) ? child : [child]) {
      if (isNode(each)) visit(each, see, isChildValue);
    }
  }
}

function isPlainKey(node: Node, key: string): boolean {
  if (node["computed"] === true) return false;
  return node.type === "MemberExpression"
    ? key === "property"
    : KEYED.includes(node.type) && key === "key";
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function memberName(node: Node): string {
  const part = (child: unknown): string => isNode(child) ? String(child["name"] ?? "") : "";
  return `${part(node["object"])}.${part(node["property"])}`;
}

function importEdge(node: Node, line: number): ImportEdge | undefined {
  const source = node["source"];
  if (!isNode(source) || typeof source["value"] !== "string") return undefined;
  return {
    specifier: source["value"],
    kind: importKind(node),
    isReExport: node.type.startsWith("Export"),
    isStar: node.type === "ExportAllDeclaration",
    line,
  };
}

function importKind(node: Node): ImportEdge["kind"] {
  if (node.type === "ImportExpression") return "dynamic";
  if (node.type === "TSImportType") return "type";
  if (node["importKind"] === "type" || node["exportKind"] === "type") return "type";
  const attributes = node["attributes"];
  const isText = Array.isArray(attributes) &&
    attributes.some((attribute: unknown) =>
      isNode(attribute) && isNode(attribute["value"]) && attribute["value"]["value"] === "text"
    );
  return isText ? "text" : "value";
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
