/**
 * The pages of a server's own route table: a route that names a component sends its response as the page's props.
 *
 * @module
 */
import { createDiagnostics } from "../codegen/diagnostic.ts";
import { parseDocument } from "../codegen/document_text.ts";
import { mergeRoutes } from "../codegen/merge_routes.ts";
import type { Page, PageModel, RouteModel } from "../codegen/model.ts";
import { readLitestar } from "../codegen/read_litestar.ts";
import { readOpenapi } from "../codegen/read_openapi.ts";
import { type TypeNode, unionOf } from "../codegen/type_node.ts";

const NO_PROPS: TypeNode = { kind: "object", properties: [] };

/**
 * Reads the pages.
 *
 * @param routes The text of the table.
 * @param openapi The text of its document; without it, pages have no props that are known.
 * @returns `undefined` if no route names a component. What is wrong with a text is told by who generates from it.
 */
export function pagesOfTable(routes: string, openapi: string | undefined): PageModel | undefined {
  const sink = createDiagnostics();
  const where = "";
  const table = readLitestar(parseDocument(routes, where, sink), { where, uriIsPath: false }, sink);
  if (table.routes.every(({ component }) => component === undefined)) return undefined;
  const reading = { where, servers: "none", cleanNames: false, impliesHead: false } as const;
  const described = openapi === undefined
    ? undefined
    : readOpenapi(parseDocument(openapi, where, sink), { ...reading, hasBodies: true }, sink);
  return pagesOf(described === undefined ? table : mergeRoutes(table, described, where, sink));
}

/** Several routes may show one component, each with props of its own. */
function pagesOf({ routes, types = [] }: RouteModel): PageModel {
  const pages = new Map<string, Page>();
  for (const { name, component, response } of routes) {
    if (component === undefined) continue;
    // A document says of a response without a schema that it has no body.
    const sent = response?.type ?? NO_PROPS;
    const props = sent.kind === "undefined" ? NO_PROPS : sent;
    const other = pages.get(component);
    pages.set(component, {
      component,
      props: other === undefined ? props : unionOf([other.props, props]),
      route: other === undefined ? name : `${other.route}, ${name}`,
    });
  }
  return { pages: [...pages.values()], types };
}
