/**
 * Declarations of types that others refer to by name.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { createIdentifiers, pascalIdentifier } from "./identifier.ts";
import { compareText, renderString } from "./literal.ts";
import type { NamedType } from "./model.ts";
import { renderType, type TypeStyle } from "./render_type.ts";
import type { TypeNode } from "./type_node.ts";

/** Named types with the identifiers that they get. */
export interface TypeDeclarations {
  /** The declarations, or the import that stands for them. */
  readonly text: string;
  /** How a type of that name is written, if it is known. */
  readonly nameOf: (name: string) => string | undefined;
}

/** How types are declared. */
export interface DeclarationOptions {
  /** Identifiers that the module has already. */
  readonly own: readonly string[];
  /** The module that has the types; they are then imported under the names that it gives them. */
  readonly from?: string | undefined;
  /** What stands for what is not known. */
  readonly fallback?: "unknown" | "any" | undefined;
}

/** Declares types, each once, in the order of their names. */
export function declareTypes(
  types: readonly NamedType[],
  { own, from, fallback = "unknown" }: DeclarationOptions,
  where: string,
  sink: DiagnosticSink,
): TypeDeclarations {
  const sorted = [...new Map(types.map((type) => [type.name, type])).values()]
    .sort((a, b) => compareText(a.name, b.name));
  const identifiers = createIdentifiers(own);
  const known = new Map(sorted.map(({ name }) => {
    const { identifier, isNumbered } = identifiers.take(pascalIdentifier(name));
    if (isNumbered) {
      sink.add(
        "info",
        "ident-collision",
        where,
        `The type "${shown(name)}" is called ${identifier}, since others would have the same name`,
      );
    }
    return [name, identifier] as const;
  }));
  const style: TypeStyle = { nameOf: (name) => known.get(name), isUrl: false, fallback };
  if (from !== undefined) return { text: importTypes(sorted, known, from), nameOf: style.nameOf };
  const loops = findLoops(sorted);
  const text = sorted.map(({ name, type, description }) =>
    renderDoc({ description }) +
    declare(known.get(name) ?? "", loops.has(name) ? { kind: "unknown" } : type, style)
  ).join("\n");
  return { text, nameOf: style.nameOf };
}

function importTypes(
  types: readonly NamedType[],
  known: ReadonlyMap<string, string>,
  from: string,
): string {
  if (types.length === 0) return "";
  const names = types.map(({ name }) => {
    const wanted = pascalIdentifier(name);
    const own = known.get(name) ?? wanted;
    return own === wanted ? own : `${wanted} as ${own}`;
  });
  return `import type {\n${names.map((name) => `  ${name},\n`).join("")}} from ${
    renderString(from)
  };\n`;
}

function declare(identifier: string, type: TypeNode, style: TypeStyle): string {
  const text = renderType(type, style, "");
  const isInterface = type.kind === "object" && text.includes("\n");
  return isInterface
    ? `export interface ${identifier} ${text}\n`
    : `export type ${identifier} = ${text};\n`;
}

/** Aliases that are nothing but themselves: a compiler refuses them. A property or an item breaks a loop. */
function findLoops(types: readonly NamedType[]): ReadonlySet<string> {
  const byName = new Map(types.map(({ name, type }) => [name, directRefs(type)]));
  const state = new Map<string, "open" | "done">();
  const loops = new Set<string>();
  // Without recursion: a document may chain ten thousand of them.
  for (const start of byName.keys()) {
    const trail = [{ name: start, refs: [...byName.get(start) ?? []] }];
    if (state.has(start)) continue;
    state.set(start, "open");
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.refs.pop();
      if (next === undefined) {
        state.set(top.name, "done");
        trail.pop();
      } else if (state.get(next) === "open") loops.add(next);
      else if (!state.has(next) && byName.has(next)) {
        state.set(next, "open");
        trail.push({ name: next, refs: [...byName.get(next) ?? []] });
      }
    }
  }
  return loops;
}

function directRefs(type: TypeNode): readonly string[] {
  if (type.kind === "ref") return [type.name];
  return type.kind === "union" || type.kind === "intersection"
    ? type.members.flatMap(directRefs)
    : [];
}
