/**
 * Gets answers from Vite: from memory where they are immutable, else over HTTP; and the page with what is injected.
 *
 * @module
 */
import { devParts } from "./dev_parts.ts";
import { badRequestResponse, downResponse } from "./down_response.ts";
import { type Refusal, refuseViteRequest } from "./edge.ts";
import type { FrontEnd, FrontEndAnswer } from "./front_end.ts";
import type { ReadyVite, SidecarEvent, ViteLink } from "./links.ts";
import {
  cacheKey,
  isKeepable,
  type KeptAnswer,
  matchesEtag,
  MAX_KEPT_BYTES,
  type ModuleCache,
  UNKEPT_REQUEST_FIELDS,
} from "./module_cache.ts";
import { isPage, PAGE_REQUEST_FIELDS, readPage, withPage } from "./page.ts";
import { pageHeaders, type PageMaker } from "./page_maker.ts";
import { type PageTemplate, parsePageTemplate } from "./page_template.ts";
import type { PageOptions, PageParts, PlacedPage } from "./page_tool.ts";
import { cancelBody, fieldOf, forwardRequest, toResponse } from "./proxy.ts";
import { responseFields, viteRequestFields } from "./proxy_headers.ts";
import { type Route, type RoutedRequest, type RouterConfig, routeRequest } from "./router.ts";
import type { UpstreamResponse } from "./upstream.ts";
import { isClientsFault, UpstreamError } from "./upstream_error.ts";
import { type Visit, wantsHtml } from "./visit.ts";

/** What {@linkcode ViteDesk} works with. */
export interface ViteDeskOptions {
  readonly link: ViteLink;
  readonly cache: ModuleCache;
  readonly maker: PageMaker;
  /** What the router knows; read anew for each request. Without `hasApp`, which depends on the call. */
  readonly router: Omit<RouterConfig, "hasApp">;
  readonly emit: (event: SidecarEvent) => void;
}

/** How long a request waits for a Vite that is starting: a person sees a page sooner than a module gives up. */
const DOCUMENT_WAIT_MS = 2_000;
const MODULE_WAIT_MS = 10_000;
/** Small answers are read whole: one write to the client instead of a stream. */
const GATHER_BYTES = 128 * 1024;

/** How long the news of a process's end may take to come after its connections broke. */
const DEATH_NEWS_MS = 500;

const STARTING_PAGE = {
  title: "Vite is starting",
  reason: "The front end's dev server does not answer yet.",
  hint: "",
  lines: [],
};

/** Made once and read through, not copied for each request. */
function routerConfig(router: ViteDeskOptions["router"], hasApp: boolean): RouterConfig {
  return {
    hasApp,
    appMakesPages: router.appMakesPages,
    appRoutes: router.appRoutes,
    viteRoutes: router.viteRoutes,
    get base() {
      return router.base;
    },
    get knownRoutes() {
      return router.knownRoutes;
    },
  };
}

/** Answers what Vite owns. */
export class ViteDesk implements FrontEnd {
  readonly #options: ViteDeskOptions;
  readonly #withApp: RouterConfig;
  readonly #withoutApp: RouterConfig;

  /** Makes the desk. */
  constructor(options: ViteDeskOptions) {
    this.#options = options;
    this.#withApp = routerConfig(options.router, true);
    this.#withoutApp = routerConfig(options.router, false);
  }

  route(request: RoutedRequest, hasApp: boolean): Route {
    return routeRequest(request, hasApp ? this.#withApp : this.#withoutApp);
  }

  /** What the edge has against this request's going to Vite. */
  refuse(visit: Visit): Refusal | undefined {
    const { context, admission, initiator } = visit;
    return refuseViteRequest(visit, admission, {
      // Asked for only where it decides: it costs 1.5 µs on Bun.
      get remoteAddress() {
        return context.remoteAddress;
      },
      initiator,
    });
  }

  /** Answers, whatever Vite says. */
  async answer(visit: Visit): Promise<Response> {
    // Never "miss" if nothing counts as one.
    return await this.#ask(visit, () => false) as Response;
  }

  /** Answers with a file, or says that Vite has none: its fallback, the page, comes for any path. */
  findFile(visit: Visit): Promise<FrontEndAnswer> {
    return this.#ask(visit, (answer) => answer.status === 404 || isPage(answer));
  }

  /** Answers with the page, or says that Vite has none for this path. */
  findPage(visit: Visit): Promise<FrontEndAnswer> {
    return this.#ask(visit, (answer) => answer.status === 404);
  }

  async #ask(
    visit: Visit,
    isMiss: (answer: UpstreamResponse) => boolean,
  ): Promise<FrontEndAnswer> {
    const condition = this.#options.link.condition();
    const vite = condition.kind === "ready" ? condition.vite : await this.#ready(visit);
    if (vite instanceof Response) return vite;
    const key = isOwn(visit) ? cacheKey(visit, visit.admission.target) : undefined;
    const kept = key === undefined ? undefined : this.#options.cache.get(key);
    if (kept !== undefined) return fromMemory(visit, kept);
    try {
      const answer = await this.#forwardTwice(visit, vite, key);
      this.#options.link.answered();
      if (isMiss(answer)) {
        cancelBody(answer);
        return "miss";
      }
      return this.#mayInject(visit, answer)
        ? await this.#inject(visit, vite, answer)
        : toResponse(answer, vite.upstream);
    } catch (error) {
      return this.#failed(visit, error);
    }
  }

  /** The Vite that answers now, or the response that says that there is none. */
  async #ready(visit: Visit): Promise<ReadyVite | Response> {
    const { link } = this.#options;
    let condition = link.condition();
    // A person learns at once that Vite is down; a module of a page that is there waits for it to come back.
    const isWorthWaiting = condition.kind === "starting" || !wantsHtml(visit);
    if (condition.kind !== "ready" && isWorthWaiting) {
      condition = await link.whenSettled(wantsHtml(visit) ? DOCUMENT_WAIT_MS : MODULE_WAIT_MS);
    }
    if (condition.kind === "ready") return condition.vite;
    return downResponse(visit, 503, condition.kind === "down" ? condition.page : STARTING_PAGE);
  }

  /**
   * Forwards, and once more if Vite died before it answered: a module that fails leaves a page blank for good, as
   * nothing is there yet to reload it.
   */
  async #forwardTwice(
    visit: Visit,
    vite: ReadyVite,
    key: string | undefined,
  ): Promise<UpstreamResponse> {
    const { cache } = this.#options;
    const { generation } = cache;
    try {
      const answer = await this.#forward(visit, vite, key);
      if (key !== undefined) keep(cache, key, answer, generation);
      return answer;
    } catch (error) {
      if (!isWorthRepeating(visit, error)) throw error;
      this.#options.link.lost();
      await this.#options.link.whenGone(vite, DEATH_NEWS_MS);
      const next = await this.#ready(visit);
      if (next instanceof Response || next.upstream === vite.upstream) throw error;
      return await this.#forward(visit, next, key);
    }
  }

  #forward(
    visit: Visit,
    vite: ReadyVite,
    key: string | undefined,
  ): Promise<UpstreamResponse> {
    const { maker } = this.#options;
    const isInjected = maker.changesPages && mayBePage(visit);
    const without = key !== undefined
      ? UNKEPT_REQUEST_FIELDS
      : isInjected
      ? PAGE_REQUEST_FIELDS
      : undefined;
    const { admission, request, context } = visit;
    return forwardRequest(request, context, {
      upstream: vite.upstream,
      target: admission.target.target,
      fields: viteRequestFields(request.headers, admission.host, without),
      gatherBytes: key === undefined ? GATHER_BYTES : MAX_KEPT_BYTES,
    });
  }

  #mayInject(visit: Visit, answer: UpstreamResponse): boolean {
    return this.#options.maker.changesPages && mayBePage(visit) && isPage(answer);
  }

  async #inject(visit: Visit, vite: ReadyVite, answer: UpstreamResponse): Promise<Response> {
    const html = await readPage(answer);
    if (html === undefined) return toResponse(answer, vite.upstream);
    const made = await this.#options.maker.make(visit.request, parsePageTemplate(html));
    return toResponse(withPage(answer, made, visit.method), vite.upstream);
  }

  async page(request: Request, { inject, status = 200, headers }: PageOptions): Promise<Response> {
    const made = await this.#options.maker.make(request, await this.#template(request), inject);
    const body = request.method === "HEAD" ? null : made.html;
    return new Response(body, { status, headers: pageHeaders(made, headers) });
  }

  async place(request: Request, parts: PageParts): Promise<PlacedPage> {
    const template = await this.#template(request);
    const ours = devParts(parts, this.#options.link.base);
    return await this.#options.maker.place(request, template, ours);
  }

  async #template(request: Request): Promise<PageTemplate> {
    const condition = await this.#options.link.whenSettled(MODULE_WAIT_MS);
    if (condition.kind !== "ready") throw new Error("Cannot make a page: Vite does not answer");
    const { upstream, base } = condition.vite;
    const answer = await upstream.request({
      method: "GET",
      target: base,
      fields: [["host", request.headers.get("host") ?? "localhost"], ["accept", "text/html"]],
      body: undefined,
      onAbort: () => undefined,
      gatherBytes: GATHER_BYTES,
    });
    const html = isPage(answer) ? await readPage(answer) : undefined;
    if (html !== undefined) return parsePageTemplate(html);
    cancelBody(answer);
    throw new Error(`Cannot make a page: Vite has no index.html, it answers ${answer.status}`);
  }

  #failed(visit: Visit, error: unknown): Response {
    const { emit, link } = this.#options;
    if (!(error instanceof UpstreamError)) {
      emit({ kind: "error", message: "Cannot make the page", error });
      const reason = error instanceof Error ? error.message : String(error);
      return downResponse(visit, 500, {
        title: "The page can not be made",
        reason,
        hint: "The option inject, or a page of Vite, is at fault.",
        lines: [],
      });
    }
    if (error.failure === "connect" || error.failure === "reset") link.lost();
    if (error.failure !== "aborted") emit({ kind: "warning", message: error.message });
    if (isClientsFault(error)) return badRequestResponse(visit, error);
    const condition = link.condition();
    if (condition.kind === "down") return downResponse(visit, 503, condition.page);
    return downResponse(visit, error.failure === "connect" ? 503 : error.status, {
      title: "Vite does not answer",
      reason: error.message,
      hint: "",
      lines: [],
    });
  }
}

/** Whether a request can be sent to another Vite: safe, without a body, and the last one broke off. */
function isWorthRepeating({ method, request }: Visit, error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  if (error.failure !== "connect" && error.failure !== "reset") return false;
  return (method === "GET" || method === "HEAD") && request.body === null;
}

/** Whether an answer may be shared with, or taken from, other requests: pages of other origins get their own. */
function isOwn({ initiator }: Visit): boolean {
  return initiator === "same-origin" || initiator === "unknown";
}

function fromMemory(visit: Visit, { fields, body, etag }: KeptAnswer): Response {
  const ifNoneMatch = etag === undefined ? null : visit.header("if-none-match");
  // A mutable copy is what the DOM type wants; the runtimes only read it.
  const headers = fields as unknown as [string, string][];
  if (ifNoneMatch !== null && etag !== undefined && matchesEtag(ifNoneMatch, etag)) {
    const kept = headers.filter(([name]) => name !== "content-length" && name !== "content-type");
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(body as Uint8Array<ArrayBuffer>, { headers });
}

function keep(
  cache: ModuleCache,
  key: string,
  answer: UpstreamResponse,
  generation: number,
): void {
  if (!(answer.body instanceof Uint8Array) || !isKeepable(answer.status, answer.fields)) return;
  const fields = responseFields(answer.fields, { upstreamOrigin: "" });
  // The body is a view into what was read; a copy lets the rest of that go.
  const body = answer.body.byteLength === answer.body.buffer.byteLength
    ? answer.body
    : answer.body.slice();
  cache.set(key, { fields, body, etag: fieldOf(answer, "etag") }, generation);
}

/** Whether the answer may be a page: a tool that takes anything gets one for a folder. */
function mayBePage(visit: Visit): boolean {
  return visit.admission.target.path.endsWith("/") || wantsHtml(visit);
}
