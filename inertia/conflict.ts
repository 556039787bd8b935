/**
 * The 409 by which a client is sent somewhere else.
 *
 * @module
 */
import { INERTIA_REQUEST_HEADERS, INERTIA_RESPONSE_HEADERS as NAMES } from "./headers.ts";
import { mergeVary } from "./vary.ts";

/** Where the client goes: with a new document, or with another visit. */
export type ConflictField = typeof NAMES.location | typeof NAMES.redirect;

/**
 * Builds every 409 of the protocol.
 *
 * Without a body and without `X-Inertia`, which the client looks at first and then at nothing else.
 *
 * @param field Which way to go.
 * @param url Where.
 * @param from The fields of the answer that it stands for: its cookies, say, go on.
 */
export function conflict(field: ConflictField, url: string, from?: HeadersInit): Response {
  const headers = new Headers(from);
  for (const name of [...headers.keys()]) {
    if (name === "location" || name.startsWith("content-")) headers.delete(name);
  }
  headers.delete(NAMES.inertia);
  headers.set(field, url);
  headers.set("vary", mergeVary(headers.get("vary"), [INERTIA_REQUEST_HEADERS.inertia]));
  return new Response(null, { status: 409, headers });
}
