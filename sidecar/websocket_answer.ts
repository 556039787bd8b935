/**
 * Reads the upstream's answer to an upgrade request: agreement, refusal with its body, or neither.
 *
 * @module
 */
import { ChunkedDecoder } from "./chunked_decoder.ts";
import {
  type Field,
  type Framing,
  parseResponseHead,
  responseFraming,
  type ResponseHead,
} from "./http1.ts";
import { concat } from "./websocket_frames.ts";
import { checkUpgradeAnswer, refusalHeaders } from "./websocket_handshake.ts";

/** What the upstream said. */
export type UpgradeResult =
  /** `early` is what came behind the head: frames, sent before the browser could be answered. */
  | { readonly kind: "accepted"; readonly protocol: string | undefined; readonly early: Uint8Array }
  /** Its answer as a web server, for the browser; `body` is `null` without one or with too long a one. */
  | {
    readonly kind: "refused";
    readonly status: number;
    readonly fields: readonly Field[];
    readonly body: Uint8Array<ArrayBuffer> | null;
  }
  | { readonly kind: "invalid"; readonly reason: string };

/** Bytes of a refusal's body that are worth forwarding: an error page, not a download. */
export const MAX_REFUSAL_BYTES: number = 64 * 1024;
/** 100 and 103 may come before the answer, but not for ever. */
const MAX_INTERIM = 16;
const BODY_HEADER_REGEXP = /^content-(?:type|encoding|language|disposition|range)$/;

/** An incremental reader; one for each handshake. */
export class UpgradeAnswerReader {
  readonly #request: { readonly key: string; readonly protocols: readonly string[] };
  #bytes: Uint8Array = new Uint8Array(0);
  #interim = 0;
  #head: ResponseHead | undefined;
  #framing: Framing = { kind: "none" };
  #chunked = new ChunkedDecoder();
  #body: Uint8Array[] = [];
  #bodyBytes = 0;

  /** @param request The key and the subprotocols that were sent. */
  constructor(request: { readonly key: string; readonly protocols: readonly string[] }) {
    this.#request = request;
  }

  /**
   * Takes the next bytes.
   *
   * @param bytes What was received, or `null` at the end of the connection.
   * @returns The result, or `undefined` while more is needed.
   */
  push(bytes: Uint8Array | null): UpgradeResult | undefined {
    try {
      if (this.#head !== undefined) return this.#readBody(this.#head, bytes);
      if (bytes === null) return { kind: "invalid", reason: "it closed the connection" };
      this.#bytes = concat([this.#bytes, bytes]);
      return this.#readHead();
    } catch (error) {
      // The parsers throw SyntaxError and nothing else for what they are given.
      if (!(error instanceof SyntaxError)) throw error;
      return { kind: "invalid", reason: error.message };
    }
  }

  /** Out of time: a refusal whose head is there loses its body; else there is no result. */
  giveUp(): UpgradeResult | undefined {
    return this.#head === undefined ? undefined : this.#refuse(this.#head, false);
  }

  #readHead(): UpgradeResult | undefined {
    for (;;) {
      const head = parseResponseHead(this.#bytes);
      if (head === undefined) return undefined;
      const rest = this.#bytes.subarray(head.end);
      if (head.status >= 200 || head.status === 101) return this.#judge(head, rest);
      if (++this.#interim > MAX_INTERIM) {
        return { kind: "invalid", reason: "it sent too many interim answers" };
      }
      this.#bytes = rest;
    }
  }

  #judge(head: ResponseHead, rest: Uint8Array): UpgradeResult | undefined {
    const answer = checkUpgradeAnswer(head, this.#request);
    if (answer.kind === "invalid") return answer;
    if (answer.kind === "accepted") return { ...answer, early: rest };
    this.#framing = responseFraming("GET", head);
    this.#head = head;
    this.#bytes = new Uint8Array(0);
    if (this.#framing.kind === "none") return this.#refuse(head, true);
    return this.#readBody(head, rest);
  }

  #readBody(head: ResponseHead, bytes: Uint8Array | null): UpgradeResult | undefined {
    const isWhole = bytes === null ? this.#framing.kind === "close" : this.#addBody(bytes);
    if (this.#bodyBytes > MAX_REFUSAL_BYTES) return this.#refuse(head, false);
    return isWhole || bytes === null ? this.#refuse(head, isWhole) : undefined;
  }

  /** Returns whether the body has ended. */
  #addBody(bytes: Uint8Array): boolean {
    const framing = this.#framing;
    if (framing.kind === "chunked") {
      const { body, done } = this.#chunked.decode(bytes);
      for (const piece of body) this.#keep(piece);
      return done;
    }
    if (framing.kind !== "length") {
      this.#keep(bytes);
      return false;
    }
    this.#keep(bytes.subarray(0, framing.bytes - this.#bodyBytes));
    return this.#bodyBytes === framing.bytes;
  }

  #keep(piece: Uint8Array): void {
    this.#body.push(piece);
    this.#bodyBytes += piece.length;
  }

  #refuse({ status, fields }: ResponseHead, isWhole: boolean): UpgradeResult {
    const hasBody = isWhole && this.#bodyBytes > 0;
    return {
      kind: "refused",
      status,
      // What describes a body that is not there would be a lie.
      fields: refusalHeaders(fields).filter(([name]) => hasBody || !BODY_HEADER_REGEXP.test(name)),
      body: hasBody ? concat(this.#body) : null,
    };
  }
}
