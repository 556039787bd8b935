/**
 * Components of Vue and Svelte as TypeScript that a type checker reads: their scripts, and the expressions of their
 * templates.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseSvelte } from "svelte/compiler";
import { compileScript, parse as parseVue } from "vue/compiler-sfc";
import type { Project } from "./project.ts";

/** Writes `X.vue.ts` beside each `X.vue` of a project, and `X.svelte.ts` beside each `X.svelte`. */
export async function writeComponentTypes(project: Project): Promise<void> {
  const paths = readdirSync(project.root, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.includes("node_modules"));
  for (const path of paths) {
    const read = (): string => readFileSync(join(project.root, path), "utf8");
    if (path.endsWith(".vue")) await project.write(`${path}.ts`, vueTypes(read(), path));
    if (path.endsWith(".svelte")) await project.write(`${path}.ts`, svelteTypes(read()));
  }
}

/**
 * The template is compiled into the script, which stays TypeScript.
 *
 * What may be a reference is called each time, and a call is not narrowed by `v-if`; none of ours is one.
 */
function vueTypes(text: string, filename: string): string {
  const { descriptor } = parseVue(text, { filename });
  const { content } = compileScript(descriptor, { id: filename, inlineTemplate: true });
  return content.replace(/\b_unref\((\w+)\)/g, "$1");
}

interface SvelteNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

/** The template becomes a function of loops and branches, with each expression where it stands. */
function svelteTypes(text: string): string {
  const { instance, fragment } = parseSvelte(text, { modern: true });
  const code = (node: unknown): string => text.slice(...spanOf(node));
  const script = instance === null ? "" : code(instance.content);
  return `import type { Component } from "svelte";
${script}
export function template(): void {
${svelteStatements(fragment, code)}
}
declare const component: Component<any>;
export default component;
`;
}

function spanOf(node: unknown): [number, number] {
  const { start, end } = node as SvelteNode;
  return [start, end];
}

/** Statements of whatever a node holds. */
function svelteStatements(node: unknown, code: (node: unknown) => string): string {
  if (Array.isArray(node)) return node.map((each) => svelteStatements(each, code)).join("");
  if (!isNode(node)) return "";
  const inner = (child: unknown): string => svelteStatements(child, code);
  switch (node.type) {
    case "EachBlock": {
      const { context, expression, index, key, body, fallback } = node;
      const item = context === null || context === undefined ? "_item" : code(context);
      const number = typeof index === "string" ? `const ${index}: number = 0;\n` : "";
      const name = isNode(key) ? `void (${code(key)});\n` : "";
      return `for (const ${item} of ${code(expression)}) {\n${number}${name}${inner(body)}}\n${
        inner(fallback)
      }`;
    }
    case "IfBlock":
      return `if (${code(node["test"])}) {\n${inner(node["consequent"])}} else {\n${
        inner(node["alternate"])
      }}\n`;
    case "SnippetBlock": {
      const parameters = (node["parameters"] as readonly unknown[]).map(code).join(", ");
      return `function ${code(node["expression"])}(${parameters}): void {\n${
        inner(node["body"])
      }}\n`;
    }
    case "ConstTag":
      return `${code(node["declaration"])};\n`;
  }
  const { expression, ...rest } = node;
  const own = isNode(expression) ? `void (${code(expression)});\n` : "";
  return own + Object.values(rest).map(inner).join("");
}

function isNode(value: unknown): value is SvelteNode {
  return typeof value === "object" && value !== null &&
    ("type" in value ? typeof value.type === "string" : "nodes" in value);
}
