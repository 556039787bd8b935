/**
 * Gets answers from a framework's server: its dev server, or the server of its build.
 *
 * A dev server that restarts refuses connections for seconds, and Nuxt's answers with a page that says "starting". Who reads
 * waits for it to come back; who writes is told at once, for what was sent can't be sent again.
 *
 * @module
 */
import { type AppDeskOptions, forwardedFields } from "./app_desk.ts";
import type { StaticFiles } from "./assets.ts";
import { badRequestResponse, downResponse } from "./down_response.ts";
import { type Refusal, refuseFrameworkRequest } from "./edge.ts";
import { type FrontEnd, type FrontEndAnswer, refusePages } from "./front_end.ts";
import { type FrameworkRouterConfig, routeFramework } from "./framework_router.ts";
import type { ReadyVite, SidecarEvent, ViteLink } from "./links.ts";
import { cancelBody, fieldOf, forwardRequest, toResponse } from "./proxy.ts";
import type { Route, RoutedRequest } from "./router.ts";
import type { UpstreamResponse } from "./upstream.ts";
import { isClientsFault, UpstreamError } from "./upstream_error.ts";
import type { Visit } from "./visit.ts";

/** What {@linkcode FrameworkDesk} works with. */
export interface FrameworkDeskOptions extends Pick<AppDeskOptions, "trustedProxies"> {
  /** Its server. */
  readonly link: ViteLink;
  /** As its authors write it. */
  readonly title: string;
  /** Whether it answers with a page of its own while it starts. */
  readonly hasStartingPage: boolean;
  /** What the router knows; read anew for each request. */
  readonly router: FrameworkRouterConfig;
  readonly emit: (event: SidecarEvent) => void;
  /** Files of a build that need no server, below a path: they are there while it starts, and after it has died. */
  readonly built?: { readonly files: StaticFiles; readonly below: string };
}

/** How long a request that can be sent again waits for a server that is not there. */
const PATIENCE_MS = 10_000;
/** How long the news of a process's end may take to come after its connections broke. */
const DEATH_NEWS_MS = 500;
/** Between two questions to a server that says that it is starting. */
const RETRY_MS = 100;

/** Answers what the framework owns. */
export class FrameworkDesk implements FrontEnd {
  readonly #options: FrameworkDeskOptions;
  readonly page: FrontEnd["page"];
  readonly place: FrontEnd["place"];

  /** Makes the desk. */
  constructor(options: FrameworkDeskOptions) {
    this.#options = options;
    this.page = this.place = refusePages(`in this project ${options.title} makes them`);
  }

  route(request: RoutedRequest, hasApp: boolean): Route {
    return routeFramework(request, this.#options.router, hasApp);
  }

  /** What the edge has against this request; a build is for everybody. */
  refuse(visit: Visit): Refusal | undefined {
    if (!this.#options.router.isDevelopment) return undefined;
    const { context, admission, initiator } = visit;
    return refuseFrameworkRequest(visit, admission, {
      // Asked for only where it decides: it costs 1.5 µs on Bun.
      get remoteAddress() {
        return context.remoteAddress;
      },
      initiator,
    });
  }

  async answer(visit: Visit): Promise<Response> {
    const file = await this.#file(visit);
    if (file !== undefined) return file;
    const deadline = performance.now() + (isRepeatable(visit) ? PATIENCE_MS : 0);
    try {
      const { answer, server } = await this.#ask(visit, deadline);
      this.#options.link.answered();
      return toResponse(answer, server.upstream);
    } catch (error) {
      return this.#failed(visit, error);
    }
  }

  #file(visit: Visit): Response | Promise<Response> | undefined {
    const { built } = this.#options;
    if (built === undefined || !isRepeatable(visit)) return undefined;
    const { path } = visit.admission.target;
    if (!path.startsWith(built.below) || !built.files.leadsToFile(path)) return undefined;
    return built.files.respond(visit, path);
  }

  async findFile(visit: Visit): Promise<FrontEndAnswer> {
    return await this.answer(visit);
  }

  async findPage(visit: Visit): Promise<FrontEndAnswer> {
    return await this.answer(visit);
  }

  /** Asks, and asks again as long as nobody answers who could. */
  async #ask(
    visit: Visit,
    deadline: number,
  ): Promise<{ readonly answer: UpstreamResponse; readonly server: ReadyVite }> {
    for (;;) {
      const server = await this.#ready(deadline);
      const isLast = performance.now() >= deadline;
      try {
        const answer = await this.#forward(visit, server);
        if (isLast || !this.#isStarting(answer)) return { answer, server };
        cancelBody(answer);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      } catch (error) {
        if (isLast || !isWorthRepeating(error)) throw error;
        this.#options.link.lost();
        // Never asked blindly: a connection to a port that nobody listens on may end at itself, and take the port.
        await this.#options.link.whenGone(server, DEATH_NEWS_MS);
      }
    }
  }

  #isStarting(answer: UpstreamResponse): boolean {
    return this.#options.hasStartingPage && isStartingPage(answer);
  }

  /**
   * The server that answers now.
   *
   * @throws {UpstreamError} If there is none.
   */
  async #ready(deadline: number): Promise<ReadyVite> {
    const { link, title } = this.#options;
    let condition = link.condition();
    const waitMs = deadline - performance.now();
    if (condition.kind !== "ready" && waitMs > 0) condition = await link.whenSettled(waitMs);
    if (condition.kind === "ready") return condition.vite;
    throw new UpstreamError("connect", `Cannot reach ${title}: it does not answer yet`);
  }

  #forward(visit: Visit, { upstream }: ReadyVite): Promise<UpstreamResponse> {
    const { admission, request, context } = visit;
    return forwardRequest(request, context, {
      upstream,
      target: admission.target.target,
      // Host and Origin as they came: Astro and React Router compare the two, and refuse a form where they differ.
      fields: forwardedFields(visit, this.#options),
      gatherBytes: 0,
    });
  }

  #failed(visit: Visit, error: unknown): Response {
    const { emit, link, title } = this.#options;
    if (!(error instanceof UpstreamError)) throw error;
    if (error.failure === "connect" || error.failure === "reset") link.lost();
    const condition = link.condition();
    // Of a server that is not there the log has been told.
    const isNews = condition.kind === "ready" && error.failure !== "aborted";
    if (isNews) emit({ kind: "warning", message: error.message });
    if (isClientsFault(error)) return badRequestResponse(visit, error);
    if (condition.kind === "down") return downResponse(visit, 503, condition.page);
    return downResponse(visit, error.failure === "connect" ? 503 : error.status, {
      title: condition.kind === "starting" ? `${title} is starting` : `${title} does not answer`,
      reason: error.message,
      hint: "",
      lines: [],
    });
  }
}

/** Whether a request may be sent twice. */
function isRepeatable({ method, request }: Visit): boolean {
  return (method === "GET" || method === "HEAD") && request.body === null;
}

function isWorthRepeating(error: unknown): boolean {
  return error instanceof UpstreamError &&
    (error.failure === "connect" || error.failure === "reset");
}

/** Whether an answer is the page that Nuxt's dev server shows while it builds; its own pages say who made them. */
function isStartingPage(answer: UpstreamResponse): boolean {
  return answer.status === 503 && fieldOf(answer, "content-type") === "text/html" &&
    fieldOf(answer, "x-powered-by") === undefined;
}
