/**
 * Opens a WebSocket to an upstream: connects, asks, and reads the answer.
 *
 * @module
 */
import type { Connection, ConnectTarget, Runtime } from "../runtime/types.ts";
import type { BridgeFailure, Stop } from "./bridge_failure.ts";
import type { Field } from "./http1.ts";
import { UpgradeAnswerReader, type UpgradeResult } from "./websocket_answer.ts";
import { renderUpgradeRequest } from "./websocket_handshake.ts";

/** Whom to ask, and for what. */
export interface OpeningOptions {
  readonly runtime: Pick<Runtime, "connect">;
  readonly target: ConnectTarget;
  /** Path and query, exactly as they go to the upstream. */
  readonly requestTarget: string;
  /** End-to-end header fields, `host` included; those of the handshake are ours. */
  readonly headers: readonly Field[];
  /** The subprotocols that the browser offers. */
  readonly protocols: readonly string[];
  /** To connect; 0 is no limit. */
  readonly connectMs: number;
  /** For the upstream's answer; 0 is no limit. */
  readonly handshakeMs: number;
}

/** The upstream agreed. */
export interface Opened {
  readonly kind: "accepted";
  readonly connection: Connection;
  readonly protocol: string | undefined;
  /** Frames that came right behind the answer. */
  readonly early: Uint8Array;
}

/** An answer fits in one read. */
const HEAD_READ_BYTES = 4096;

/** The way to an open upstream. */
export class Opening {
  readonly #options: OpeningOptions;
  readonly #abort = new AbortController();
  #connection: Connection | undefined;
  #why: Stop | undefined;
  #isOver = false;

  /** @param options Whom to ask, and for what. */
  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  /** Gives up; what is being waited for rejects. */
  stop(why: Stop): void {
    if (this.#isOver || this.#why !== undefined) return;
    this.#why = why;
    this.#abort.abort();
    this.#connection?.close();
  }

  /** Asks the upstream; the connection of an opening that failed is closed. */
  async run(): Promise<Opened | BridgeFailure> {
    const answer = await this.#open();
    // It may have been stopped between the answer and now: the connection is closed then.
    const isLost = answer.kind === "accepted" && this.#why !== undefined;
    const result = isLost ? stopped(this.#why ?? "aborted") : answer;
    this.#isOver = true;
    if (result.kind !== "accepted") this.#connection?.close();
    return result;
  }

  async #open(): Promise<Opened | BridgeFailure> {
    const { runtime, target, connectMs, handshakeMs, protocols } = this.#options;
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const reader = new UpgradeAnswerReader({ key, protocols });
    try {
      const connection = await this.#within(
        connectMs,
        runtime.connect(target, this.#abort.signal),
      );
      this.#connection = connection;
      if (this.#why !== undefined) return { kind: "stopped", why: this.#why };
      const result = await this.#within(handshakeMs, this.#shakeHands(connection, key, reader));
      return result.kind === "accepted" ? { ...result, connection } : result;
    } catch (error) {
      if (this.#why === "timeout") return asFailure(reader.giveUp()) ?? stopped(this.#why);
      return this.#why === undefined ? { kind: "failed", error } : stopped(this.#why);
    }
  }

  async #within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
    if (milliseconds === 0) return await promise;
    const timer = setTimeout(() => this.stop("timeout"), milliseconds);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  async #shakeHands(
    connection: Connection,
    key: string,
    reader: UpgradeAnswerReader,
  ): Promise<UpgradeResult> {
    await connection.write(renderUpgradeRequest({ ...this.#options, key }));
    for (;;) {
      const result = reader.push(await connection.read(HEAD_READ_BYTES));
      if (result !== undefined) return result;
    }
  }
}

function stopped(why: Stop): BridgeFailure {
  return { kind: "stopped", why };
}

function asFailure(result: UpgradeResult | undefined): BridgeFailure | undefined {
  return result?.kind === "accepted" ? undefined : result;
}
