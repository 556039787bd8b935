/**
 * One request on its way through the front, with what the edge found out about it.
 *
 * @module
 */
import type { RequestContext } from "../runtime/types.ts";
import type { Admission, EdgeRequest, Initiator } from "./edge.ts";

/** A request that the edge let in. */
export interface Visit extends EdgeRequest {
  readonly request: Request;
  readonly context: RequestContext;
  readonly admission: Admission;
  /** Where it comes from; worked out when first asked for. */
  readonly initiator: Initiator;
  /** Whether nobody is told what is wrong: in production the peer may be a proxy of this machine. */
  readonly hidesDetails: boolean;
}

/** Whether the client is to get a document rather than a line of text. */
export function wantsHtml(visit: EdgeRequest): boolean {
  const destination = visit.header("sec-fetch-dest");
  if (destination === "document" || destination === "iframe") return true;
  return visit.header("accept")?.includes("text/html") === true;
}
