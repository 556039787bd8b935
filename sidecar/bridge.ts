/**
 * Bridges a browser's WebSocket to an upstream's.
 *
 * The upstream comes first: the browser is accepted only when the upstream has agreed, and with the subprotocol that it
 * chose. Else Vite's client, which reloads the page as soon as a socket opens, would reload into a dead Vite.
 *
 * @module
 */
import type {
  Connection,
  RequestContext,
  ServerSocket,
  ServerSocketEvents,
} from "../runtime/types.ts";
import {
  type BridgeFailure,
  describeFailure,
  renderFailure,
  renderRefusal,
} from "./bridge_failure.ts";
import { BridgeLife } from "./bridge_life.ts";
import { type BridgeEffect, type BridgeEvent, INITIAL_STATE, stepBridge } from "./bridge_state.ts";
import type { Bridges } from "./bridges.ts";
import type { Deadlines } from "./deadlines.ts";
import { type FrameEvent, FrameParser } from "./websocket_frames.ts";
import { findUpgradeProblem } from "./websocket_handshake.ts";
import { type Opened, Opening, type OpeningOptions } from "./websocket_opening.ts";
import { Outbox } from "./websocket_outbox.ts";

/** How to bridge one socket. */
export interface BridgeOptions extends OpeningOptions {
  /** Where the bridge is registered as long as it lives. */
  readonly bridges: Bridges;
  /** Bytes that may wait for an upstream that does not read. */
  readonly queueBytes: number;
  /** For the browser to open, and for a closing handshake to make progress. @default 5000 */
  readonly closeMs?: number;
  /** Asks both sides whether they are there; one that is silent for two pings is cut. @default none */
  readonly pings?: { readonly everyMs: number; readonly deadlines: Deadlines };
  /** Sees each text from the upstream before it goes on; a promise holds it, and all behind it, back. */
  readonly onServerMessage?: (text: string) => void | Promise<void>;
  /** Gets a line when a bridge could not be opened. */
  readonly log?: (line: string) => void;
}

/** Longest message from an upstream; Deno's limit for one from a browser. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** An idle socket waits with a small buffer, a busy one reads much at a time. */
const IDLE_READ_BYTES = 4096;
const BUSY_READ_BYTES = 64 * 1024;
/** The upstream is not read while a browser has more than this to take; one read may come on top. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
/** How often a browser that does not read is looked at: Deno has no event for it. */
const MAX_POLL_MS = 50;
const DEFAULT_CLOSE_MS = 5000;

/**
 * Connects to the upstream, agrees with it, then turns the request into a WebSocket and joins the two.
 *
 * @param request The browser's request; Host and Origin have been checked.
 * @param context What the listener knows of it.
 * @param options The upstream and the limits.
 * @returns What the listener is to answer: the upgrade, the upstream's refusal, or 502, 503 or 504.
 */
export async function bridgeSocket(
  request: Request,
  context: RequestContext,
  options: BridgeOptions,
): Promise<Response> {
  const problem = findUpgradeProblem(request.method, request.headers);
  if (problem !== undefined) return renderRefusal(problem.status, problem.reason);
  const opening = new Opening(options);
  const leave = options.bridges.add(() => opening.stop("shutdown"));
  const browser = context.onAbort(() => opening.stop("aborted"));
  const opened = await opening.run();
  browser?.end();
  leave();
  if (opened.kind !== "accepted") {
    logFailure(opened, options);
    return renderFailure(opened);
  }
  return new Bridge(options, opened).start(request, context);
}

function logFailure(failure: BridgeFailure, { log, target, requestTarget }: BridgeOptions): void {
  const { why } = describeFailure(failure);
  // The query holds Vite's token.
  const path = requestTarget.split("?", 1)[0];
  if (why !== undefined) {
    log?.(`Cannot bridge "${path}" to ${target.hostname}:${target.port}: ${why}`);
  }
}

/** Two sockets, joined. */
class Bridge {
  readonly #options: BridgeOptions;
  readonly #connection: Connection;
  readonly #protocol: string | undefined;
  readonly #leave: () => void;
  readonly #parser = new FrameParser(MAX_MESSAGE_BYTES);
  readonly #outbox = new Outbox(() => crypto.getRandomValues(new Uint8Array(4)));
  #early: Uint8Array;
  #state = INITIAL_STATE;
  #socket: ServerSocket | undefined;
  #isWriting = false;
  /** Counts writes that the upstream took. */
  #writes = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  readonly #life = new BridgeLife();
  /** Bytes that were ever queued for the browser. */
  #queued = 0;
  /** Ends the pause of the reading side. */
  #wake: (() => void) | undefined;

  constructor(options: BridgeOptions, { connection, protocol, early }: Opened) {
    this.#options = options;
    this.#connection = connection;
    this.#protocol = protocol;
    this.#early = early;
    this.#leave = options.bridges.add((code, reason) =>
      this.#dispatch({ kind: "shutdown", code, reason })
    );
  }

  start(request: Request, context: RequestContext): Response {
    // Deno tells nothing at all of a browser that went away just now.
    this.#watchFor(this.#options.closeMs ?? DEFAULT_CLOSE_MS);
    const response = context.upgrade(
      request,
      this.#protocol,
      this.#events(),
      this.#options.pings?.everyMs ?? 0,
    );
    if (response !== undefined) return response;
    this.#dispatch({ kind: "browser-closed", code: 1006, reason: "" });
    return renderRefusal(400, "the request can not be upgraded");
  }

  #events(): ServerSocketEvents {
    return {
      open: (socket) => {
        this.#socket = socket;
        this.#dispatch({ kind: "browser-open" });
        if (this.#state.browser !== "open") return;
        this.#expectLife();
        void this.#readUpstream();
      },
      message: (data) => this.#takeFromBrowser(data),
      close: (code, reason) => this.#dispatch({ kind: "browser-closed", code, reason }),
    };
  }

  #dispatch(event: BridgeEvent): void {
    const { state, effects } = stepBridge(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#apply(effect);
    if (state.browser !== "open") this.#wake?.();
  }

  #apply(effect: BridgeEffect): void {
    switch (effect.kind) {
      case "close-browser":
        return this.#closeBrowser(effect.code, effect.reason);
      case "terminate-browser":
        return this.#socket?.terminate();
      case "close-upstream":
        this.#outbox.close(effect.code, effect.reason, effect.keepsMessages);
        void this.#writeUpstream();
        return;
      case "terminate-upstream":
        this.#outbox.clear();
        return this.#connection.close();
      case "watch":
        return this.#watchFor(this.#options.closeMs ?? DEFAULT_CLOSE_MS);
      case "unwatch":
        return clearInterval(this.#watch);
      case "release":
        clearInterval(this.#watch);
        this.#options.pings?.deadlines.clear(this);
        return this.#leave();
    }
  }

  #expectLife(): void {
    const { pings } = this.#options;
    pings?.deadlines.set(this, pings.everyMs, () => this.#lookForLife());
  }

  #lookForLife(): void {
    // A closing handshake is watched anyway.
    if (this.#state.browser !== "open" || this.#state.upstream !== "open") return;
    const silent = this.#life.beat({
      written: this.#writes,
      isWriting: this.#isWriting,
      isReading: this.#wake === undefined,
      queued: this.#queued,
      waiting: this.#browserBuffer(),
    });
    if (silent !== undefined) {
      return this.#dispatch({ kind: silent === "upstream" ? "upstream-ended" : "timeout" });
    }
    this.#outbox.ping();
    void this.#writeUpstream();
    this.#expectLife();
  }

  #closeBrowser(code: number | undefined, reason: string): void {
    try {
      if (code === undefined) this.#socket?.close();
      else this.#socket?.close(code, reason);
    } catch {
      // A runtime that can't send a code must not keep the socket open.
      this.#socket?.terminate();
    }
  }

  /** Reports a timeout when nothing has moved on either side for so long. */
  #watchFor(milliseconds: number): void {
    clearInterval(this.#watch);
    if (milliseconds === 0) return;
    let before = this.#progress();
    this.#watch = setInterval(() => {
      const now = this.#progress();
      if (now === before) this.#dispatch({ kind: "timeout" });
      before = now;
    }, milliseconds);
  }

  #progress(): string {
    return `${this.#writes}/${this.#socket?.bufferedBytes() ?? 0}`;
  }

  #takeFromBrowser(data: string | Uint8Array): void {
    this.#life.heardBrowser();
    if (this.#state.browser !== "open" || this.#state.upstream !== "open") return;
    if (this.#outbox.push(data, this.#options.queueBytes)) void this.#writeUpstream();
    else this.#dispatch({ kind: "queue-full" });
  }

  async #writeUpstream(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (let bytes = this.#outbox.next(); bytes !== undefined; bytes = this.#outbox.next()) {
        await this.#connection.write(bytes);
        this.#writes++;
      }
    } catch {
      // The reading side reports the end: a Close frame with the reason may still wait there.
      this.#outbox.clear();
    }
    this.#isWriting = false;
  }

  async #readUpstream(): Promise<void> {
    await this.#receive(this.#early);
    this.#early = new Uint8Array(0);
    let hint = IDLE_READ_BYTES;
    while (this.#state.upstream !== "closed") {
      const bytes = await this.#connection.read(hint).catch(() => null);
      if (bytes === null) break;
      this.#life.heardUpstream();
      hint = bytes.length === hint || this.#parser.isInside ? BUSY_READ_BYTES : IDLE_READ_BYTES;
      await this.#receive(bytes);
    }
    this.#dispatch({ kind: "upstream-ended" });
  }

  async #receive(bytes: Uint8Array): Promise<void> {
    for (const event of this.#parser.push(bytes)) {
      if (event.kind === "text") await this.#observe(event.text);
      this.#handle(event);
      if (this.#browserBuffer() > HIGH_WATER_BYTES) await this.#untilDrained();
    }
  }

  #observe(text: string): void | Promise<void> {
    const { onServerMessage, log } = this.#options;
    const report = (error: unknown) => log?.(`Cannot observe a message of the upstream: ${error}`);
    try {
      return onServerMessage?.(text)?.catch(report);
    } catch (error) {
      report(error);
    }
  }

  #handle(event: FrameEvent): void {
    switch (event.kind) {
      case "text":
        return this.#sendToBrowser(event.text);
      case "binary":
        return this.#sendToBrowser(event.bytes);
      case "ping":
        this.#outbox.pong(event.payload);
        void this.#writeUpstream();
        return;
      case "pong":
        return;
      case "close":
        return this.#dispatch({ ...event, kind: "upstream-close" });
      case "violation":
        return this.#dispatch({ ...event, kind: "upstream-violation" });
    }
  }

  #sendToBrowser(data: string | Uint8Array): void {
    if (this.#state.browser !== "open") return;
    try {
      const before = this.#browserBuffer();
      this.#socket?.send(data);
      this.#queued += this.#browserBuffer() - before;
    } catch {
      this.#socket?.terminate();
      this.#dispatch({ kind: "browser-closed", code: 1006, reason: "" });
    }
  }

  #browserBuffer(): number {
    return this.#state.browser === "open" ? this.#socket?.bufferedBytes() ?? 0 : 0;
  }

  /** Waits, with the upstream unread, until the browser has taken most of what it was sent. */
  async #untilDrained(): Promise<void> {
    let before = this.#browserBuffer();
    for (let delay = 1; before > LOW_WATER_BYTES;) {
      await this.#pause(delay);
      const now = this.#browserBuffer();
      delay = now < before ? 1 : Math.min(2 * delay, MAX_POLL_MS);
      before = now;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#wake = end;
    });
  }
}
