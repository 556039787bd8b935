/**
 * Gets answers from the app: a handler in this process, or a backend at a URL.
 *
 * @module
 */
import { badRequestResponse, downResponse } from "./down_response.ts";
import type { AppHandler, BackendLink, SidecarEvent } from "./links.ts";
import { forwardRequest, toResponse } from "./proxy.ts";
import { backendRequestFields, isTrustedProxy } from "./proxy_headers.ts";
import type { Field } from "./http1.ts";
import { isClientsFault, UpstreamError } from "./upstream_error.ts";
import type { Visit } from "./visit.ts";

/** What {@linkcode askHandler} and {@linkcode askBackend} need beside the visit. */
export interface AppDeskOptions {
  readonly trustedProxies: readonly string[];
  /** Marks requests that went through this very front, to break a loop. */
  readonly via: string;
  readonly emit: (event: SidecarEvent) => void;
}

/** Calls a handler of this process; what it throws becomes a 500 that tells its message to this machine alone. */
export function askHandler(
  visit: Visit,
  handler: AppHandler,
  options: AppDeskOptions,
): Response | Promise<Response> {
  try {
    // What the listener gave is what a handler of that listener expects; see AppHandler.
    const answer = handler(visit.request, visit.context.native as never);
    // The plain case first.
    if (answer instanceof Response) return answer;
    if (answer instanceof Promise) {
      return answer.then(
        (response) => checked(visit, response, options),
        (error) => failed(visit, error, options),
      );
    }
    return checked(visit, answer, options);
  } catch (error) {
    return failed(visit, error, options);
  }
}

function checked(visit: Visit, answer: unknown, options: AppDeskOptions): Response {
  // A Response of another realm or a polyfill is no instance; it has a status and headers all the same.
  if (typeof answer === "object" && answer !== null && "status" in answer) {
    return answer as Response;
  }
  // An upgraded socket on Bun is answered already, and the handler returns nothing.
  if (answer === undefined && visit.header("upgrade") !== null) return new Response(null);
  return failed(
    visit,
    new TypeError(`Cannot answer with ${String(answer)}: not a Response`),
    options,
  );
}

function failed(visit: Visit, error: unknown, { emit }: AppDeskOptions): Response {
  const { method, admission } = visit;
  emit({ kind: "error", message: `Cannot answer ${method} ${admission.target.path}`, error });
  return downResponse(visit, 500, {
    title: "The app failed",
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    hint: "Its handler threw an error; the log has the stack.",
    lines: [],
  });
}

/** The fields of a request with what we know of who asks, for a server that is not in this process. */
export function forwardedFields(
  visit: Visit,
  { trustedProxies }: Pick<AppDeskOptions, "trustedProxies">,
): Field[] {
  const { remoteAddress } = visit.context;
  const { host, target } = visit.admission;
  return backendRequestFields(visit.request.headers, {
    remoteAddress,
    host,
    scheme: target.scheme,
    isTrusted: isTrustedProxy(remoteAddress, trustedProxies),
  });
}

/** The fields of a request as the backend gets them, for HTTP and for sockets. */
export function backendFields(visit: Visit, options: AppDeskOptions): Field[] {
  const { via } = options;
  const before = visit.header("via");
  const fields = forwardedFields(visit, options).filter(([name]) => name !== "via");
  return [...fields, ["via", before === null ? `1.1 ${via}` : `${before}, 1.1 ${via}`]];
}

/** Whether a request has been here before: the backend's URL is our own. */
export function isLoop(visit: Visit, via: string): boolean {
  return visit.header("via")?.includes(via) === true;
}

/** Forwards a request to the backend. */
export async function askBackend(
  visit: Visit,
  backend: BackendLink,
  options: AppDeskOptions,
): Promise<Response> {
  if (isLoop(visit, options.via)) {
    return downResponse(visit, 508, {
      title: "The backend is this very server",
      reason: `The request came back from ${backend.origin}`,
      hint: "Give the backend a port of its own.",
      lines: [],
    });
  }
  try {
    const answer = await forwardRequest(visit.request, visit.context, {
      upstream: backend.upstream,
      target: visit.admission.target.target,
      fields: backendFields(visit, options),
      gatherBytes: 0,
    });
    backend.answered();
    return toResponse(answer, backend.upstream);
  } catch (error) {
    return backendFailed(visit, backend, error, options);
  }
}

function backendFailed(
  visit: Visit,
  backend: BackendLink,
  error: unknown,
  { emit }: AppDeskOptions,
): Response {
  if (!(error instanceof UpstreamError)) throw error;
  if (error.failure === "connect") backend.lost(error.message);
  else if (error.failure !== "aborted") emit({ kind: "warning", message: error.message });
  if (isClientsFault(error)) return badRequestResponse(visit, error);
  return downResponse(
    visit,
    error.failure === "connect" ? 503 : error.status,
    backend.downPage(error.message),
  );
}
