/**
 * The last word about an answer: where it sends the client, what the next request will know.
 *
 * @module
 */
import { answerRule, isRedirect, redirectStatus } from "./answer_rule.ts";
import { conflict } from "./conflict.ts";
import { INERTIA_REQUEST_HEADERS, INERTIA_RESPONSE_HEADERS as NAMES } from "./headers.ts";
import { incomingState, keepState, withHeader } from "./keep_state.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import { isSameOrigin, originOf } from "./request_url.ts";
import { EMPTY_STATE } from "./session.ts";
import type { Settings } from "./settings.ts";
import { mergeVary } from "./vary.ts";
import type { Visit } from "./visit.ts";

/** Applies the rules of the protocol to the answer of a handler, and keeps what is left to be told. */
export function finishAnswer(
  settings: Settings,
  visit: Visit,
  answer: Response,
): MaybePromise<Response> {
  const isPage = answer === visit.page;
  const isDone = isPage && visit.said === EMPTY_STATE && visit.incoming === undefined;
  return isDone ? answer : finishLater(settings, visit, answer, isPage);
}

async function finishLater(
  settings: Settings,
  visit: Visit,
  answer: Response,
  isPage: boolean,
): Promise<Response> {
  // A handler may render a page, and go somewhere else.
  if (!isPage && leadsAway(answer)) visit.untell();
  const response = isPage ? answer : await applyRules(settings, visit, answer);
  return await keepState(settings, visit, response);
}

function leadsAway({ status, headers }: Response): boolean {
  return isRedirect(status, headers.get("location")) ||
    status === 409 && headers.has(NAMES.location);
}

/** Where the user came from: never another origin's, whatever the `Referer` says. */
export async function previousUrl(
  settings: Settings,
  visit: Visit,
  fallback: string,
): Promise<string> {
  const origin = originOf(visit.ask.request, settings);
  const referer = visit.ask.request.headers.get(INERTIA_REQUEST_HEADERS.referer);
  if (referer !== null && /^https?:/i.test(referer) && isSameOrigin(referer, origin)) {
    return referer;
  }
  const { previousUrl } = await incomingState(settings, visit);
  return previousUrl !== undefined && isSameOrigin(previousUrl, origin) ? previousUrl : fallback;
}

async function applyRules(
  settings: Settings,
  visit: Visit,
  answer: Response,
): Promise<Response> {
  // Of these there can be no second one: an upgrade, or an error of `fetch`.
  if (answer.status === 101 || answer.type === "error") return answer;
  const { ask } = visit;
  const response = ask.isInertia ? await backIfEmpty(settings, visit, answer) : answer;
  const rule = answerRule({
    isInertia: ask.isInertia,
    isPrefetch: ask.isPrefetch,
    protocol: settings.protocol,
    method: ask.request.method,
    origin: originOf(ask.request, settings),
    status: response.status,
    location: response.headers.get("location"),
  });
  switch (rule.kind) {
    case "pass":
      return withVary(response);
    case "status":
      return withVary(new Response(null, { status: rule.status, headers: response.headers }));
    case "location":
      return conflict(NAMES.location, rule.url, response.headers);
    case "redirect":
      return conflict(NAMES.redirect, rule.url, response.headers);
  }
}

/** A handler that did its work and says nothing sends the user back. */
async function backIfEmpty(
  settings: Settings,
  visit: Visit,
  answer: Response,
): Promise<Response> {
  if (answer.status !== 200 || answer.headers.has(NAMES.inertia)) return answer;
  const full = await withBody(answer);
  if (full !== undefined) return full;
  const headers = new Headers(answer.headers);
  headers.delete("content-type");
  headers.delete("content-length");
  headers.set("location", await previousUrl(settings, visit, "/"));
  return new Response(null, { status: redirectStatus(visit.ask.request.method), headers });
}

/** The response, or undefined if it has no body. That is known when the first piece is there, or none. */
async function withBody(response: Response): Promise<Response | undefined> {
  if (response.body === null) return undefined;
  if (Number(response.headers.get("content-length") ?? "0") > 0) return response;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (value.length > 0) return new Response(continued(value, reader), response);
  }
}

function continued(
  first: Uint8Array<ArrayBuffer>,
  rest: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(first),
    async pull(controller) {
      const { done, value } = await rest.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => rest.cancel(reason),
  });
}

function withVary(response: Response): Response {
  // The answer to a validation depends on its own field, and says so.
  if (response.headers.has(NAMES.precognition)) return response;
  const vary = mergeVary(response.headers.get("vary"), [INERTIA_REQUEST_HEADERS.inertia]);
  return withHeader(response, (headers) => headers.set("vary", vary));
}
