/**
 * Forwards a request to an upstream and turns its answer into a `Response`.
 *
 * @module
 */
import type { RequestContext } from "../runtime/types.ts";
import type { Field } from "./http1.ts";
import { announcedLength, responseFields } from "./proxy_headers.ts";
import type { RequestBody, Upstream, UpstreamResponse } from "./upstream.ts";
import { UpstreamError } from "./upstream_error.ts";

/** What is forwarded, and how. */
export interface Forward {
  readonly upstream: Upstream;
  /** Path and query as they go over the wire. */
  readonly target: string;
  /** End-to-end fields, `host` included. */
  readonly fields: readonly Field[];
  /** See `UpstreamRequest.gatherBytes`. */
  readonly gatherBytes: number;
}

/**
 * Sends a request on.
 *
 * @throws {UpstreamError} If the upstream gives no answer, or the request's own framing is wrong.
 */
export function forwardRequest(
  request: Request,
  context: RequestContext,
  { upstream, target, fields, gatherBytes }: Forward,
): Promise<UpstreamResponse> {
  return upstream.request({
    method: request.method,
    target,
    fields,
    body: requestBody(request),
    onAbort: (callback) => context.onAbort(callback),
    gatherBytes,
  });
}

/** The body of a request, as its head announces it: a listener also gives a stream to a POST without one. */
export function requestBody(request: Request): RequestBody | undefined {
  const stream = request.body;
  if (stream === null) return undefined;
  const { headers } = request;
  const length = announcedLength(headers.get("content-length"), headers.get("transfer-encoding"));
  if (length === "invalid") {
    throw new UpstreamError("request", "Cannot forward the request: its framing is ambiguous");
  }
  if (length === 0) return undefined;
  // Under HTTP/2 there is no framing to announce, nor a Host header; frames tell where the body ends.
  if (length === undefined && headers.has("host")) return undefined;
  return { stream, length: typeof length === "number" ? length : undefined };
}

/** Statuses whose message has no body (RFC 9110 §6.4.1); `Response` throws if it gets one. */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/**
 * Makes a `Response` of an upstream's answer.
 *
 * @throws {UpstreamError} For a status outside 200 to 599, which no listener can send.
 */
export function toResponse(answer: UpstreamResponse, upstream: Upstream): Response {
  const { status } = answer;
  const hasBody = !NULL_BODY_STATUSES.has(status);
  // A 205 may come with one all the same; unread, it would hold its connection for ever.
  if (!hasBody) cancelBody(answer);
  if (status < 200 || status > 599) {
    cancelBody(answer);
    throw new UpstreamError(
      "protocol",
      `Cannot forward the upstream's response: its status is ${status}`,
    );
  }
  const { hostname, port, tls } = upstream.target;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const upstreamOrigin = `${tls ? "https" : "http"}://${host}:${port}`;
  return new Response(hasBody ? bodyInit(answer) : null, {
    status,
    headers: headersInit(responseFields(answer.fields, { upstreamOrigin })),
  });
}

/** The DOM types want mutable pairs and plain ArrayBuffers; both hold here. */
function headersInit(fields: readonly Field[]): [string, string][] {
  return fields as unknown as [string, string][];
}

function bodyInit({ body, fields }: UpstreamResponse): BodyInit | null {
  // Bun calls bytes without a type octet-stream, which a browser would download; of a stream it says nothing.
  const isUntyped = body instanceof Uint8Array && fields.every(([name]) => name !== "content-type");
  const sent = isUntyped ? streamOf(body) : body;
  return sent as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** Lets go of an answer that nobody wants; its connection is closed if bytes are still to come. */
export function cancelBody({ body }: { readonly body: unknown }): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {});
}

/** The value of a field of an answer, or `undefined`. */
export function fieldOf(answer: UpstreamResponse, name: string): string | undefined {
  return answer.fields.find(([key]) => key === name)?.[1];
}
