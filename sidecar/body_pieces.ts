/**
 * Cuts what comes over a connection into the pieces of one body, and finds its end.
 *
 * @module
 */
import { ChunkedDecoder } from "./chunked_decoder.ts";
import type { Framing } from "./http1.ts";
import { UpstreamError } from "./upstream_error.ts";

/** What one read gave. */
export interface Pieces {
  readonly body: readonly Uint8Array[];
  readonly done: boolean;
  /** Bytes behind the end. */
  readonly extra: number;
}

/** Finds the end of one body. */
export interface PieceDecoder {
  /** Takes the next bytes, or `null` at the end of the connection. */
  decode(bytes: Uint8Array | null): Pieces;
}

/** The decoder for a framing; not for one without a body. */
export function piecesOf(framing: Framing): PieceDecoder {
  if (framing.kind === "chunked") return chunkedPieces();
  return lengthPieces(framing.kind === "length" ? framing.bytes : Infinity);
}

function lengthPieces(length: number): PieceDecoder {
  let remaining = length;
  return {
    decode(bytes) {
      if (bytes === null) {
        if (remaining === Infinity) return { body: [], done: true, extra: 0 };
        throw truncated(`${remaining} bytes are missing`);
      }
      const body = bytes.length > remaining ? bytes.subarray(0, remaining) : bytes;
      remaining -= body.length;
      return { body: [body], done: remaining === 0, extra: bytes.length - body.length };
    },
  };
}

function chunkedPieces(): PieceDecoder {
  const decoder = new ChunkedDecoder();
  return {
    decode(bytes) {
      if (bytes === null) throw truncated("the last chunk is missing");
      const { body, done, rest } = decoder.decode(bytes);
      return { body, done, extra: rest };
    },
  };
}

function truncated(what: string): UpstreamError {
  return new UpstreamError("reset", `Cannot read the upstream's body to its end: ${what}`);
}
