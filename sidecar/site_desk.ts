/**
 * Serves the build of a framework that needs no server: a site of files.
 *
 * @module
 */
import type { ConditionalRequest } from "./asset_conditions.ts";
import type { StaticFiles } from "./assets.ts";
import { type FrontEnd, type FrontEndAnswer, refusePages } from "./front_end.ts";
import { type FrameworkRouterConfig, routeFramework } from "./framework_router.ts";
import { isDocumentRequest, isFilePath, type Route, type RoutedRequest } from "./router.ts";
import { pageCandidates } from "./site_paths.ts";
import type { Visit } from "./visit.ts";

/** What {@linkcode SiteDesk} works with. */
export interface SiteDeskOptions {
  readonly files: StaticFiles;
  readonly title: string;
  readonly router: FrameworkRouterConfig;
}

/** What frameworks call the page for paths that only the browser's router knows. */
const FALLBACK_PAGE = "/200.html";
const NOT_FOUND_PAGE = "/404.html";

/** Serves a site. */
export class SiteDesk implements FrontEnd {
  readonly #options: SiteDeskOptions;
  readonly page: FrontEnd["page"];
  readonly place: FrontEnd["place"];

  /** Makes the desk. */
  constructor(options: SiteDeskOptions) {
    this.#options = options;
    this.page = this.place = refusePages(`in this project ${options.title} makes them`);
  }

  route(request: RoutedRequest, hasApp: boolean): Route {
    const route = routeFramework(request, this.#options.router, hasApp);
    return route.kind === "framework-socket" ? { kind: "nobody" } : route;
  }

  /** A build is for everybody. */
  refuse(): undefined {
    return undefined;
  }

  async answer(visit: Visit): Promise<Response> {
    const { files } = this.#options;
    const { path } = visit.admission.target;
    const found = pageCandidates(path).find((candidate) => files.leadsToFile(candidate));
    // Of a name that a build had, the files know that it is gone.
    return await files.respond(visit, found ?? path) ?? await this.#missing(visit, path);
  }

  async #missing(visit: Visit, path: string): Promise<Response> {
    const { files } = this.#options;
    if (visit.method !== "GET" && visit.method !== "HEAD") {
      return new Response("Method Not Allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    const isPage = isDocumentRequest({ ...asRouted(visit), path }) && !isFilePath(path);
    const fallback = isPage ? await files.respond(visit, FALLBACK_PAGE) : undefined;
    if (fallback?.ok || fallback?.status === 304) return fallback;
    // Whole and unconditional: a 404 has no other form.
    const page = await files.respond(unconditional(visit), NOT_FOUND_PAGE);
    if (page?.status !== 200) return new Response("Not Found\n", { status: 404 });
    const headers = new Headers(page.headers);
    headers.delete("etag");
    headers.delete("last-modified");
    return new Response(page.body, { status: 404, headers });
  }

  async findFile(visit: Visit): Promise<FrontEndAnswer> {
    return await this.answer(visit);
  }

  async findPage(visit: Visit): Promise<FrontEndAnswer> {
    return await this.answer(visit);
  }
}

function asRouted(visit: Visit): RoutedRequest {
  const { method, admission: { target } } = visit;
  return { method, path: target.path, search: target.search, header: (name) => visit.header(name) };
}

function unconditional(visit: Visit): ConditionalRequest {
  return {
    method: visit.method,
    header: (name) => name === "accept-encoding" ? visit.header(name) : null,
  };
}
