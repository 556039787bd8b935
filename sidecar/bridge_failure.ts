/**
 * What a browser is told when its WebSocket can't be bridged.
 *
 * @module
 */
import type { UpgradeResult } from "./websocket_answer.ts";

/** Why we gave up before the upstream answered. */
export type Stop = "timeout" | "aborted" | "shutdown";

/** The upstream did not agree, or we could not ask it. */
export type BridgeFailure =
  | Exclude<UpgradeResult, { kind: "accepted" }>
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "stopped"; readonly why: Stop };

/** What to do about a failure. */
export interface FailureStatus {
  readonly status: number;
  /** For the log; never for a remote peer. `undefined` if there is nothing to say. */
  readonly why: string | undefined;
}

/** Finds the status of our answer, and what the log says. */
export function describeFailure(failure: BridgeFailure): FailureStatus {
  switch (failure.kind) {
    case "refused":
      // `Response` takes no status above 599.
      return {
        status: failure.status > 599 ? 502 : failure.status,
        why: `it answered ${failure.status}`,
      };
    case "invalid":
      return { status: 502, why: failure.reason };
    case "failed":
      return { status: 502, why: String(failure.error) };
    case "stopped":
      return failure.why === "timeout"
        ? { status: 504, why: "it did not answer in time" }
        : { status: 503, why: undefined };
  }
}

/** Statuses whose responses can't have a body; the constructor throws on one. */
const BODILESS = new Set([204, 205, 304]);

/** What a browser may know of a failure of ours. */
const PUBLIC_REASONS: Readonly<Record<number, string>> = {
  502: "the upstream is not reachable",
  503: "the server is stopping",
  504: "the upstream does not answer",
};

/** Renders the answer: the upstream's own where it gave one. */
export function renderFailure(failure: BridgeFailure): Response {
  const { status } = describeFailure(failure);
  if (failure.kind !== "refused" || failure.status !== status) {
    return renderRefusal(status, PUBLIC_REASONS[status] ?? "");
  }
  const headers = new Headers();
  for (const [name, value] of failure.fields) headers.append(name, value);
  return new Response(BODILESS.has(status) ? null : failure.body, { status, headers });
}

/** Renders an answer of ours. */
export function renderRefusal(status: number, reason: string): Response {
  const headers = new Headers({ "content-type": "text/plain; charset=utf-8" });
  headers.set("cache-control", "no-store");
  if (status === 405) headers.set("allow", "GET");
  if (status === 426) headers.set("sec-websocket-version", "13");
  return new Response(`Cannot open the WebSocket: ${reason}\n`, { status, headers });
}
