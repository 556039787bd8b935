/**
 * Close codes of WebSockets and what becomes of them between two sockets (RFC 6455 §7.4).
 *
 * @module
 */

/** How a socket ended, as the other side shall learn it. */
export type Closing =
  /** With a closing handshake; without `code` the frame has no body, and then no reason either. */
  | { readonly kind: "frame"; readonly code: number | undefined; readonly reason: string }
  /** Without one: the connection broke. */
  | { readonly kind: "broken" };

/** We go away: the listener stops. */
export const GOING_AWAY = 1001;
/** The peer broke the protocol. */
export const PROTOCOL_ERROR = 1002;
/** "No code was received": only ever told to a program, never sent. */
export const NO_CODE = 1005;
/** A text was not UTF-8. */
export const BAD_TEXT = 1007;
/** A message was larger than we take. */
export const TOO_BIG = 1009;
/** Vite starts again: come back soon. */
export const SERVICE_RESTART = 1012;
/** We hold too much that somebody does not read: come back later. */
export const TRY_AGAIN_LATER = 1013;

/** A control frame has at most 125 bytes, two of which are the code (RFC 6455 §5.5). */
export const MAX_REASON_BYTES = 123;

/**
 * Whether a code may stand in a Close frame.
 *
 * 1004 is reserved; 1005, 1006 and 1015 are pseudo-codes that must never appear on the wire; 1016 to 2999 belong to
 * future versions of the protocol (RFC 6455 §7.4.2, and the IANA registry for 1012 to 1014). Deno's and Bun's server
 * sockets and our own client take exactly these, so one rule serves both directions.
 */
export function isWireCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
    (code >= 3000 && code <= 4999);
}

/**
 * Says how to close one socket when the other reported this.
 *
 * @param code What the closed socket reported: a received code, 1005 for none, 1006 (Deno: also 0) if it broke.
 * @param reason What it gave as the reason.
 * @returns The end to give to the other socket, always one that may be sent.
 */
export function closingFor(code: number, reason: string): Closing {
  // Case: 4001 -> 4001; 1005 -> no code; 1006, 1015, 0, NaN -> broken; 2000, 1004, 70000 -> 1002
  if (isWireCloseCode(code)) return { kind: "frame", code, reason: cutCloseReason(reason) };
  if (code === NO_CODE) return { kind: "frame", code: undefined, reason: "" };
  if (!(code >= 1000) || code === 1006 || code === 1015) return { kind: "broken" };
  return {
    kind: "frame",
    code: PROTOCOL_ERROR,
    reason: "the peer sent a close code that is not allowed",
  };
}

/** Cuts a reason so that its UTF-8 fits in a Close frame, never inside a character. */
export function cutCloseReason(reason: string): string {
  // Each code unit takes at least one byte, so what is behind can't fit. A pair that this cuts in half would be encoded
  // as three bytes behind at least 122 others, and so is left out.
  const head = reason.slice(0, MAX_REASON_BYTES);
  return head.slice(0, new TextEncoder().encodeInto(head, new Uint8Array(MAX_REASON_BYTES)).read);
}
