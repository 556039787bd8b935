/**
 * What a real HTML parser says of a document into which a probe was put.
 *
 * @module
 */
import { equal, fail, ok } from "node:assert/strict";
import { defaultTreeAdapter as adapter, type DefaultTreeAdapterTypes as Tree, parse } from "parse5";

/** A script to be found again; its name is no one else's. */
export const PROBE = "<script id=lv-probe>0</script>";

/** A parsed document and the probe in it. */
export interface ProbedDocument {
  readonly document: Tree.Document;
  readonly probe: Tree.Element;
  /** Names of the elements around the probe, the innermost first. */
  readonly around: readonly string[];
  /** How many other scripts come before the probe, in document order. */
  readonly scriptsBefore: number;
  /** Whether it is the first node of its parent. */
  readonly isFirst: boolean;
  /** Whether it is the last node of its parent. */
  readonly isLast: boolean;
}

/** Parses a document as a browser with scripting does; the decoder of a browser has taken the byte order mark away. */
export function parseHtml(html: string): Tree.Document {
  return parse(html.startsWith("\uFEFF") ? html.slice(1) : html);
}

/** Finds the probe: exactly one, live, an element of HTML. */
export function findProbe(html: string): ProbedDocument {
  const document = parseHtml(html);
  const found: { probe: Tree.Element; around: string[]; scriptsBefore: number }[] = [];
  let scripts = 0;
  const visit = (node: Tree.Node, around: string[]): void => {
    if (adapter.isElementNode(node)) {
      if (node.attrs.some(({ name, value }) => name === "id" && value === "lv-probe")) {
        found.push({ probe: node, around, scriptsBefore: scripts });
      }
      if (node.tagName === "script") scripts++;
      around = [node.tagName, ...around];
      if (isTemplate(node)) { for (const child of node.content.childNodes) visit(child, around); }
    }
    if ("childNodes" in node) { for (const child of node.childNodes) visit(child, around); }
  };
  visit(document, []);
  const [only, ...others] = found;
  if (only === undefined) fail("the probe was swallowed");
  equal(others.length, 0, "more than one probe");
  equal(only.probe.namespaceURI, "http://www.w3.org/1999/xhtml", "the probe is not of HTML");
  ok(!only.around.includes("template"), "the probe is inert in a template");
  const siblings = only.probe.parentNode?.childNodes ?? [];
  const isFirst = siblings[0] === only.probe;
  return { document, ...only, isFirst, isLast: siblings.at(-1) === only.probe };
}

// The adapter's types know templates as elements only.
function isTemplate(node: Tree.Element): node is Tree.Template {
  return "content" in node;
}

/** Whether the document ends within a comment: what goes to its end can't but be put in front of that comment. */
export function endsInComment(html: string): boolean {
  const isTail = (node: Tree.Node): boolean =>
    adapter.isCommentNode(node)
      ? node.data.includes("lv-tail")
      : "childNodes" in node && node.childNodes.some(isTail);
  return isTail(parseHtml(`${html}lv-tail`));
}

/** A dump without the elements that the parser makes by itself, and so without saying which of them something is in. */
export function withoutImplied(dumped: string): string {
  const lines = dumped.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "/" && !/^<l:(?:html|head|body)>$/.test(line)).join("\n");
}

/** A document's tree as text, with neighbouring texts joined and the probe left out. */
export function dump(document: Tree.Document): string {
  const lines: string[] = [document.mode];
  let text = "";
  const flush = (): void => {
    if (text !== "") lines.push(JSON.stringify(text));
    text = "";
  };
  const visit = (node: Tree.Node, indent: string): void => {
    if (adapter.isTextNode(node)) {
      text += node.value;
      return;
    }
    if (isProbe(node)) return;
    flush();
    lines.push(indent + describe(node));
    if ("content" in node) {
      for (const child of node.content.childNodes) visit(child, indent + " T ");
    }
    flush();
    if ("childNodes" in node) { for (const child of node.childNodes) visit(child, indent + "  "); }
    flush();
    lines.push(indent + "/");
  };
  visit(document, "");
  return lines.join("\n");
}

function isProbe(node: Tree.Node): boolean {
  return adapter.isElementNode(node) && node.attrs.some(({ value }) => value === "lv-probe");
}

function describe(node: Tree.Node): string {
  if (adapter.isElementNode(node)) {
    const attributes = node.attrs.map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`);
    return `<${node.namespaceURI.at(-1)}:${node.tagName}${attributes.join("")}>`;
  }
  if (adapter.isCommentNode(node)) return `<!--${node.data}-->`;
  if (adapter.isDocumentTypeNode(node)) return `<!${node.name} ${node.publicId} ${node.systemId}>`;
  return node.nodeName;
}
