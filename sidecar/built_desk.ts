/**
 * Serves a build: its files, and its page with what the app wants to say in it.
 *
 * @module
 */
import { etagOfBytes } from "./asset_headers.ts";
import type { StaticFiles } from "./assets.ts";
import { type BuiltRouterConfig, routeBuilt } from "./built_router.ts";
import { downResponse } from "./down_response.ts";
import type { FrontEnd, FrontEndAnswer, PageOptions } from "./front_end.ts";
import type { SidecarEvent } from "./links.ts";
import { matchesEtag } from "./module_cache.ts";
import { type MadePage, pageFields, pageHeaders, type PageMaker } from "./page_maker.ts";
import type { PageTemplate } from "./page_template.ts";
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
  /** Everything that the router knows but the build itself. */
  readonly router: () => Omit<BuiltRouterConfig, "hasApp" | "hasFile">;
  readonly emit: (event: SidecarEvent) => void;
}

const ENCODER = new TextEncoder();

/** A page as it goes out. */
interface SentPage {
  readonly page: MadePage;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the text, not of the build: an edit of `index.html` alone leaves the manifest as it was. */
  readonly etag: string | undefined;
}

/** Serves a build. */
export class BuiltDesk implements FrontEnd {
  readonly #options: BuiltDeskOptions;
  /** The page of a build, where it is the same for everybody. */
  #constant: { readonly build: OpenBuild; readonly sent: SentPage } | undefined;

  /** Makes the desk. */
  constructor(options: BuiltDeskOptions) {
    this.#options = options;
  }

  route(request: RoutedRequest, hasApp: boolean): Route {
    const { files, template } = this.#options.current();
    const { pagePath, ...known } = this.#options.router();
    return routeBuilt(request, {
      ...known,
      hasApp,
      hasFile: (path) => files.has(path),
      pagePath: template === undefined ? undefined : pagePath,
    });
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

  async findPage(visit: Visit): Promise<FrontEndAnswer> {
    const build = this.#options.current();
    if (build.template === undefined) return "miss";
    try {
      return pageResponse(visit, await this.#make(visit.request, build, build.template));
    } catch (error) {
      this.#options.emit({ kind: "error", message: "Cannot make the page", error });
      return downResponse(visit, 500, {
        title: "The page can not be made",
        reason: error instanceof Error ? error.message : String(error),
        hint: "The option inject, or csrfToken, is at fault.",
        lines: [],
      });
    }
  }

  async #make(request: Request, build: OpenBuild, template: PageTemplate): Promise<SentPage> {
    if (this.#constant?.build === build) return this.#constant.sent;
    const page = await this.#options.maker.make(request, template);
    const bytes = ENCODER.encode(page.html);
    // Weak: a proxy may code the page.
    const sent = { page, bytes, etag: page.isConstant ? `W/${etagOfBytes(bytes)}` : undefined };
    if (page.isConstant) this.#constant = { build, sent };
    return sent;
  }

  async page(request: Request, { inject, status = 200, headers }: PageOptions): Promise<Response> {
    const { template } = this.#options.current();
    if (template === undefined) {
      throw new Error("Cannot make a page: the build has no index.html");
    }
    const page = await this.#options.maker.make(request, template, inject);
    const body = request.method === "HEAD" ? null : page.html;
    return new Response(body, { status, headers: pageHeaders(page, headers) });
  }
}

function pageResponse(visit: Visit, { page, bytes, etag }: SentPage): Response {
  const fields = pageFields(page);
  if (etag !== undefined) {
    fields.push(["etag", etag]);
    const ifNoneMatch = visit.header("if-none-match");
    if (ifNoneMatch !== null && matchesEtag(ifNoneMatch, etag)) {
      return new Response(null, { status: 304, headers: fields.slice(1) });
    }
  }
  fields.push(["content-length", String(bytes.length)]);
  // A HEAD tells what a GET would send.
  return new Response(visit.method === "HEAD" ? null : bytes, { headers: fields });
}
