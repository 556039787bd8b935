/**
 * The way of a request: edge, router, and whoever answers.
 *
 * @module
 */
import type { RequestContext } from "../runtime/types.ts";
import { type AppDeskOptions, askBackend, askHandler } from "./app_desk.ts";
import {
  type Admission,
  admitRequest,
  type EdgeConfig,
  type EdgeRequest,
  type Initiator,
  initiatorOf,
  type Refusal,
} from "./edge.ts";
import type { FrontEnd, FrontEndAnswer } from "./front_end.ts";
import type { AppLink } from "./links.ts";
import type { Route, RoutedRequest } from "./router.ts";
import type { SocketDesk } from "./socket_desk.ts";
import { isStatusRequest } from "./status_desk.ts";
import type { Visit } from "./visit.ts";

/** What {@linkcode Front} works with. */
export interface FrontOptions extends AppDeskOptions {
  readonly edge: EdgeConfig;
  /** Vite, or a build. */
  readonly frontEnd: FrontEnd;
  readonly sockets: SocketDesk;
  /** Answers those who watch over us, before anybody else is asked; `undefined` for any other path. */
  readonly health?: (path: string) => Response | Promise<Response> | undefined;
  /** Tells how everything is to who shows the key; nobody without it. */
  readonly status?: { readonly key: string; readonly respond: () => Response } | undefined;
  /** Whether answers tell nobody what is wrong; the log does. @default false */
  readonly hidesDetails?: boolean;
  /** Whether each request is worth an event. */
  readonly logsRequests: boolean;
}

/** An app says so of its 404 that it is the answer, not a wish for the page. */
const FINAL_HEADER = "x-sidecar-final";

/** The fields that make a request one for a document; see `isDocumentRequest`. */
const PAGE_VARY = "Sec-Fetch-Dest, Accept";

/** A request as the edge and the router read it; headers are looked up once. */
class FrontVisit implements Visit, RoutedRequest {
  readonly request: Request;
  readonly context: RequestContext;
  readonly method: string;
  readonly url: string;
  readonly hidesDetails: boolean;
  readonly #headers: Headers;
  readonly #edge: EdgeConfig;
  #initiator: Initiator | undefined;
  // Set by `admit` before anybody else sees the visit.
  admission!: Admission;

  constructor(
    request: Request,
    context: RequestContext,
    { edge, hidesDetails = false }: FrontOptions,
  ) {
    this.request = request;
    this.context = context;
    this.method = request.method;
    this.url = request.url;
    this.hidesDetails = hidesDetails;
    this.#headers = request.headers;
    this.#edge = edge;
  }

  header(name: string): string | null {
    return this.#headers.get(name);
  }

  get path(): string {
    return this.admission.target.path;
  }

  get search(): string {
    return this.admission.target.search;
  }

  get initiator(): Initiator {
    return this.#initiator ??= initiatorOf(this, this.admission, this.#edge);
  }
}

/** Answers requests. */
export class Front {
  readonly #options: FrontOptions;

  /** Makes the front. */
  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** Answers a request; never throws and never rejects. */
  handle(request: Request, context: RequestContext, app: AppLink): Response | Promise<Response> {
    if (!this.#options.logsRequests) return this.#handle(request, context, app);
    return this.#handleLogged(request, context, app);
  }

  #handle(request: Request, context: RequestContext, app: AppLink): Response | Promise<Response> {
    const visit = new FrontVisit(request, context, this.#options);
    const admission = admitRequest(visit, this.#options.edge);
    if (admission.kind === "refused") return this.#refuse(visit, admission);
    visit.admission = admission;
    const early = this.#answerWatcher(visit);
    if (early !== undefined) return early;
    const route = this.#route(visit, app);
    // Not awaited: an async function here would cost an in-process handler a tenth of its speed.
    return this.#answer(visit, route, app);
  }

  /** Answers those who watch over us. */
  #answerWatcher(visit: FrontVisit): Response | Promise<Response> | undefined {
    const { health, status } = this.#options;
    if (status !== undefined && isStatusRequest(visit, status.key)) return status.respond();
    return health?.(visit.path);
  }

  #route(visit: FrontVisit, app: AppLink): Route {
    return this.#options.frontEnd.route(visit, app.kind !== "none");
  }

  #answer(visit: Visit, route: Route, app: AppLink): Response | Promise<Response> {
    const { frontEnd, sockets } = this.#options;
    switch (route.kind) {
      case "app":
        return this.#askApp(visit, app);
      case "vite":
        return this.#unlessRefused(visit, frontEnd.refuse(visit), () => frontEnd.answer(visit));
      case "file":
        return frontEnd.answer(visit);
      case "vite-or-app":
        return this.#unlessRefused(
          visit,
          frontEnd.refuse(visit),
          () => this.#fileOrApp(visit, app),
        );
      case "page":
        return this.#page(visit);
      case "app-or-page":
        return this.#appOrPage(visit, app);
      case "vite-socket":
        return this.#unlessRefused(visit, sockets.refuseVite(visit), () => sockets.openVite(visit));
      case "framework-socket":
        return this.#unlessRefused(
          visit,
          sockets.refuseApp(visit),
          () => sockets.openFramework(visit),
        );
      case "app-socket":
        return this.#unlessRefused(
          visit,
          sockets.refuseApp(visit),
          () => sockets.openApp(visit, app),
        );
      case "nobody":
        return new Response(null, { status: 404 });
    }
  }

  #unlessRefused(
    visit: Visit,
    refusal: Refusal | undefined,
    answer: () => Response | Promise<Response>,
  ): Response | Promise<Response> {
    return refusal === undefined ? answer() : this.#refuse(visit, refusal);
  }

  #askApp(visit: Visit, app: AppLink): Response | Promise<Response> {
    if (app.kind === "handler") return askHandler(visit, app.handler, this.#options);
    if (app.kind === "backend") return askBackend(visit, app.backend, this.#options);
    return new Response("Not Found\n", { status: 404 });
  }

  #page(visit: Visit): Response | Promise<Response> {
    const page = this.#options.frontEnd.findPage(visit);
    return page instanceof Promise ? page.then(pageOrNothing) : pageOrNothing(page);
  }

  async #fileOrApp(visit: Visit, app: AppLink): Promise<Response> {
    const found = await this.#options.frontEnd.findFile(visit);
    return found === "miss" ? await this.#askApp(visit, app) : found;
  }

  async #appOrPage(visit: Visit, app: AppLink): Promise<Response> {
    const answer = await this.#askApp(visit, app);
    if (answer.status !== 404 || answer.headers.has(FINAL_HEADER)) return answer;
    const { frontEnd } = this.#options;
    if (frontEnd.refuse(visit) !== undefined) return answer;
    const page = await frontEnd.findPage(visit);
    if (page === "miss") return answer;
    answer.body?.cancel().catch(() => {});
    // A script that asks for the same URL gets the app's 404; a cache must not give it the page.
    page.headers.append("vary", PAGE_VARY);
    return page;
  }

  #refuse(visit: EdgeRequest, { status, reason }: Refusal): Response {
    const { method, url } = visit;
    // A URL may hold Vite's token; and what was refused is not to be trusted in a log.
    const place = JSON.stringify(url.split("?", 1)[0]?.slice(0, 200));
    this.#options.emit({ kind: "warning", message: `Cannot serve ${method} ${place}: ${reason}` });
    const headers = {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    };
    return new Response(method === "HEAD" ? null : `Cannot serve this request: ${reason}\n`, {
      status,
      headers,
    });
  }

  async #handleLogged(
    request: Request,
    context: RequestContext,
    app: AppLink,
  ): Promise<Response> {
    const start = performance.now();
    const { method, url } = request;
    const response = await this.#handle(request, context, app);
    const target = url.slice(Math.max(url.indexOf("/", 8), 0));
    const ms = performance.now() - start;
    this.#options.emit({ kind: "request", method, target, status: response.status, ms });
    return response;
  }
}

function pageOrNothing(page: FrontEndAnswer): Response {
  return page === "miss" ? new Response("Not Found\n", { status: 404 }) : page;
}
