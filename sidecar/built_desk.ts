/**
 * Serves a build: its files, and its page with what the app wants to say in it.
 *
 * @module
 */
import { etagOfBytes } from "./asset_headers.ts";
import type { StaticFiles } from "./assets.ts";
import { type BuiltRouterConfig, routeBuilt } from "./built_router.ts";
import { downResponse } from "./down_response.ts";
import type { FrontEnd, FrontEndAnswer } from "./front_end.ts";
import type { SidecarEvent } from "./links.ts";
import { matchesEtag } from "./module_cache.ts";
import {
  pageFields,
  pageHeaders,
  type PageMaker,
  pageRecord,
  type SentPage,
} from "./page_maker.ts";
import type { PageTemplate } from "./page_template.ts";
import type { PageOptions, PageParts, PlacedPage } from "./page_tool.ts";
import type { Route, RoutedRequest } from "./router.ts";
import type { Visit } from "./visit.ts";

/** A build as it is now. */
export interface OpenBuild {
  readonly files: StaticFiles;
  /** The page of a single-page app; `undefined` where the app makes the pages. */
  readonly template: PageTemplate | undefined;
}

/** What {@linkcode BuiltDesk} works with. */
export interface BuiltDeskOptions {
  /** The build: the same object until there is another one. */
  readonly current: () => OpenBuild;
  readonly maker: PageMaker;
  /** Everything that the router knows but the build itself; read anew for each request. */
  readonly router: Omit<BuiltRouterConfig, "hasApp" | "hasFile">;
  readonly emit: (event: SidecarEvent) => void;
}

const ENCODER = new TextEncoder();

/** A page that is the same for everybody. */
interface ConstantPage {
  readonly page: SentPage;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the text, not of the build: an edit of `index.html` alone leaves the manifest as it was. */
  readonly etag: string;
}

/** Made once and read through, not copied for each request. */
function routerConfig({ current, router }: BuiltDeskOptions, hasApp: boolean): BuiltRouterConfig {
  return {
    hasApp,
    appRoutes: router.appRoutes,
    hasFile: (path) => current().files.has(path),
    get knownRoutes() {
      return router.knownRoutes;
    },
    get pagePath() {
      return current().template === undefined ? undefined : router.pagePath;
    },
  };
}

/** Serves a build. */
export class BuiltDesk implements FrontEnd {
  readonly #options: BuiltDeskOptions;
  readonly #withApp: BuiltRouterConfig;
  readonly #withoutApp: BuiltRouterConfig;
  /** The page of a build, where it is the same for everybody. */
  #constant: { readonly build: OpenBuild; readonly sent: ConstantPage } | undefined;

  /** Makes the desk. */
  constructor(options: BuiltDeskOptions) {
    this.#options = options;
    this.#withApp = routerConfig(options, true);
    this.#withoutApp = routerConfig(options, false);
  }

  route(request: RoutedRequest, hasApp: boolean): Route {
    return routeBuilt(request, hasApp ? this.#withApp : this.#withoutApp);
  }

  /** A build is for everybody. */
  refuse(): undefined {
    return undefined;
  }

  answer(visit: Visit): Response | Promise<Response> {
    const { files } = this.#options.current();
    return files.respond(visit, visit.admission.target.path) ?? new Response(null, { status: 404 });
  }

  async findFile(visit: Visit): Promise<FrontEndAnswer> {
    return await this.#options.current().files.respond(visit, visit.admission.target.path) ??
      "miss";
  }

  findPage(visit: Visit): FrontEndAnswer | Promise<FrontEndAnswer> {
    const build = this.#options.current();
    if (build.template === undefined) return "miss";
    if (this.#constant?.build === build) return constantResponse(visit, this.#constant.sent);
    try {
      const page = this.#options.maker.send(visit.request, build.template);
      if (!(page instanceof Promise)) return this.#send(visit, build, page);
      return page.then(
        (made) => this.#send(visit, build, made),
        (error) => this.#failed(visit, error),
      );
    } catch (error) {
      return this.#failed(visit, error);
    }
  }

  #send(visit: Visit, build: OpenBuild, page: SentPage): Response {
    if (!page.isConstant) return pageResponse(visit, page);
    const bytes = typeof page.body === "string" ? ENCODER.encode(page.body) : page.body.slice();
    // Weak: a proxy may code the page.
    const sent = { page, bytes, etag: `W/${etagOfBytes(bytes)}` };
    this.#constant = { build, sent };
    return constantResponse(visit, sent);
  }

  #failed(visit: Visit, error: unknown): Response {
    this.#options.emit({ kind: "error", message: "Cannot make the page", error });
    return downResponse(visit, 500, {
      title: "The page can not be made",
      reason: error instanceof Error ? error.message : String(error),
      hint: "The option inject, or csrfToken, is at fault.",
      lines: [],
    });
  }

  async page(request: Request, { inject, status = 200, headers }: PageOptions): Promise<Response> {
    const page = await this.#options.maker.make(request, this.#template(), inject);
    const body = request.method === "HEAD" ? null : page.html;
    return new Response(body, { status, headers: pageHeaders(page, headers) });
  }

  async place(request: Request, parts: PageParts): Promise<PlacedPage> {
    return await this.#options.maker.place(request, this.#template(), parts);
  }

  #template(): PageTemplate {
    const { template } = this.#options.current();
    if (template !== undefined) return template;
    throw new Error("Cannot make a page: the build has no index.html");
  }
}

/** A page for one request alone. */
function pageResponse(visit: Visit, page: SentPage): Response {
  const { body } = page;
  const headers = pageRecord(page);
  if (visit.method !== "HEAD") return new Response(body, { headers });
  // A HEAD tells what a GET would send.
  const { length } = typeof body === "string" ? ENCODER.encode(body) : body;
  headers["content-length"] = String(length);
  return new Response(null, { headers });
}

function constantResponse(visit: Visit, { page, bytes, etag }: ConstantPage): Response {
  const headers = pageFields(page);
  headers.push(["etag", etag]);
  const ifNoneMatch = visit.header("if-none-match");
  if (ifNoneMatch !== null && matchesEtag(ifNoneMatch, etag)) {
    return new Response(null, { status: 304, headers: headers.slice(1) });
  }
  headers.push(["content-length", String(bytes.length)]);
  return new Response(visit.method === "HEAD" ? null : bytes, { headers });
}
