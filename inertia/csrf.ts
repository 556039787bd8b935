/**
 * Refuses what another site made a browser send.
 *
 * @module
 */
import { isForeign, isSafeMethod, isSameToken, TOKEN_FIELD } from "./csrf_rule.ts";
import { INERTIA_REQUEST_HEADERS as NAMES } from "./headers.ts";
import { incomingState } from "./keep_state.ts";
import type { Settings } from "./settings.ts";
import type { Visit } from "./visit.ts";

/** Why a request is refused: another origin made it, or it has no token of this session. */
export type Forgery = "origin" | "token";

/** Larger forms send the token as a header: a form that is looked into is in memory. */
const MAX_FORM_BYTES = 1024 * 1024;

/** Says why a request is refused, if it is. */
export async function findForgery(settings: Settings, visit: Visit): Promise<Forgery | undefined> {
  const { csrf } = settings;
  const { request } = visit.ask;
  if (csrf === undefined || isSafeMethod(request.method) || csrf.isExempt(request)) {
    return undefined;
  }
  if (isForeign(request, csrf, settings)) return "origin";
  // Read first: who has no session is not worth a look into the body.
  const { token } = await incomingState(settings, visit);
  if (token === undefined) return "token";
  const given = headerToken(request) ?? await formToken(request);
  return given !== undefined && isSameToken(given, token) ? undefined : "token";
}

function headerToken(request: Request): string | undefined {
  return request.headers.get(NAMES.xsrfToken) ?? request.headers.get(NAMES.csrfToken) ?? undefined;
}

/** The field of a form, whose body stays there for the handler. */
async function formToken(request: Request): Promise<string | undefined> {
  const type = request.headers.get("content-type") ?? "";
  const length = Number(request.headers.get("content-length") ?? 0);
  const isForm = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type);
  if (!isForm || length > MAX_FORM_BYTES || request.bodyUsed) return undefined;
  const bytes = await readUpTo(MAX_FORM_BYTES, request.clone().body);
  if (bytes === undefined) return undefined;
  try {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    const value = form.get(TOKEN_FIELD);
    return typeof value === "string" ? value : undefined;
  } catch {
    // Malformed: the same as without.
    return undefined;
  }
}

/** What does not say how long it is may be longer than there is memory. */
async function readUpTo(
  limit: number,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): Promise<Blob | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    // To leave the loop is to cancel this copy; the handler's goes on.
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  return new Blob(pieces);
}

/** What a visit is told, once it is back on its page with a token that works. */
export const EXPIRED_MESSAGE = "The page expired, please try again.";

/** Laravel's status for it, which clients know. */
export function expiredAnswer(): Response {
  return new Response("Page Expired", { status: 419, statusText: "Page Expired" });
}
