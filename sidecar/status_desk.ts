/**
 * Tells how the sidecar is, to who has its key: the program that asks is another one of the same user.
 *
 * Everybody else is told nothing, not even that this is a sidecar: without the key the path belongs to whoever owned it
 * before. A peer on loopback alone would not do, as a proxy of this machine is one, too; nor would a path alone, as a
 * page of any site can ask for it. The key is in a file that only the user reads.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import { isLoopbackAddress } from "./host.ts";

/** Where it is told. */
export const STATUS_PATH = "/__sidecar/status";
/** The field that shows the key. */
export const STATUS_KEY_FIELD = "x-sidecar-key";

/** What is looked at of a request. */
export interface StatusRequest {
  readonly method: string;
  readonly path: string;
  header(name: string): string | null;
  readonly context: {
    /** The peer's address. */
    readonly remoteAddress: string | undefined;
  };
}

/** Whether a request is to be told how the sidecar is. */
export function isStatusRequest(request: StatusRequest, key: string): boolean {
  if (request.path !== STATUS_PATH || request.method !== "GET") return false;
  const { remoteAddress } = request.context;
  const shown = request.header(STATUS_KEY_FIELD);
  return shown !== null && remoteAddress !== undefined && isLoopbackAddress(remoteAddress) &&
    isEqual(shown, key);
}

function isEqual(shown: string, key: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Answers. */
export function statusResponse(status: unknown): Response {
  return new Response(JSON.stringify(status), {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
