/**
 * The text of HTTP/1.1: heads and chunks.
 *
 * @module
 */
import { ChunkedDecoder } from "../../sidecar/chunked_decoder.ts";
import {
  isPersistent,
  parseResponseHead,
  renderChunk,
  responseFraming,
} from "../../sidecar/http1.ts";
import { renderModuleRequest, renderViteResponse } from "./messages.ts";

const RESPONSE = renderViteResponse();
const PIECE = new Uint8Array(16 * 1024).fill(97);
const LARGE_CHUNKS = concat(Array.from({ length: 64 }, () => renderChunk(PIECE)));
const SMALL_CHUNKS = concat(Array.from({ length: 1024 }, () => renderChunk(PIECE.subarray(0, 64))));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

Deno.bench("renderRequestHead(): a browser's request", { group: "head" }, () => {
  renderModuleRequest();
});

Deno.bench("parseResponseHead(): Vite's answer with its body", { group: "head" }, () => {
  parseResponseHead(RESPONSE);
});

Deno.bench("head, framing and persistence", { group: "head" }, () => {
  const head = parseResponseHead(RESPONSE);
  if (head !== undefined) isPersistent(head, responseFraming("GET", head));
});

Deno.bench("ChunkedDecoder: 1 MiB in chunks of 16 KiB", { group: "chunked" }, () => {
  new ChunkedDecoder().decode(LARGE_CHUNKS);
});

Deno.bench("ChunkedDecoder: 64 KiB in chunks of 64 bytes", { group: "chunked" }, () => {
  new ChunkedDecoder().decode(SMALL_CHUNKS);
});

Deno.bench("renderChunk(): 16 KiB", { group: "chunked" }, () => {
  renderChunk(PIECE);
});
