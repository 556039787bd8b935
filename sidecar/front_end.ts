/**
 * What the front asks of whoever serves the front end: Vite, or a build.
 *
 * @module
 */
import type { Refusal } from "./edge.ts";
import type { PageOptions, PageParts, PlacedPage } from "./page_tool.ts";
import type { Route, RoutedRequest } from "./router.ts";
import type { Visit } from "./visit.ts";

/** An answer, or that there is none for this path. */
export type FrontEndAnswer = Response | "miss";

/** Serves the front end. */
export interface FrontEnd {
  /** Says who answers a request. */
  route(request: RoutedRequest, hasApp: boolean): Route;
  /** What the edge has against this request's going to the front end. */
  refuse(visit: Visit): Refusal | undefined;
  /** Answers, whatever comes of it. */
  answer(visit: Visit): Response | Promise<Response>;
  /** Answers with a file, or says that there is none. */
  findFile(visit: Visit): Promise<FrontEndAnswer>;
  /** Answers with the page, or says that there is none for this path. */
  findPage(visit: Visit): FrontEndAnswer | Promise<FrontEndAnswer>;
  /** Makes a page for an answer of the app's own. */
  page(request: Request, options: PageOptions): Promise<Response>;
  /** Puts an app into the page. */
  place(request: Request, parts: PageParts): Promise<PlacedPage>;
}

/** Stands for `page` and `place` where nobody can make one, for a reason. */
export function refusePages(reason: string): () => Promise<never> {
  return () => Promise.reject(new Error(`Cannot make a page: ${reason}`));
}
