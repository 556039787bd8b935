/**
 * What waits to be written to an upstream WebSocket, and in which order it goes.
 *
 * @module
 */
import {
  concat,
  messageBytes,
  OPCODE,
  renderClosePayload,
  renderControl,
  renderMessage,
} from "./websocket_frames.ts";

/**
 * About one write. Deno takes a turn of its event loop for each, and may read 8 MiB from a browser meanwhile: of 1 GiB in
 * messages of 64 KiB, sent as fast as it goes, 8 MiB passed with writes of 64 KiB, and 934 MiB or all with 256 KiB, before
 * a queue of 16 MiB was full.
 */
const CHUNK_BYTES = 256 * 1024;
/** What an entry costs beside its bytes; without it a flood of empty messages would weigh nothing. */
const ENTRY_BYTES = 128;
/** Entries already taken that may stay at the front of the array: `shift` moves all others each time. */
const MAX_TAKEN = 1024;

interface Entry {
  readonly message: string | Uint8Array;
  readonly bytes: number;
}

/** The frames to an upstream, made only when they are written. */
export class Outbox {
  readonly #mask: () => Uint8Array;
  #entries: (Entry | undefined)[] = [];
  #taken = 0;
  #current: Generator<Uint8Array, void, void> | undefined;
  #pong: Uint8Array | undefined;
  #isPinging = false;
  #close: Uint8Array | undefined;
  #isClosed = false;
  #waitingBytes = 0;

  /** @param mask Gives four unpredictable bytes for each frame. */
  constructor(mask: () => Uint8Array) {
    this.#mask = mask;
  }

  /** Bytes of the messages that have not begun to be written. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Adds a message, unless that makes more wait than `maxBytes`. A message that would be the only one to wait is always
   * taken, and the one being written does not count: both must pass, however large.
   *
   * @returns Whether it was taken.
   */
  push(message: string | Uint8Array, maxBytes: number): boolean {
    if (this.#isClosed) return true;
    const bytes = messageBytes(message) + ENTRY_BYTES;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > maxBytes) return false;
    this.#waitingBytes += bytes;
    this.#entries.push({ message, bytes });
    return true;
  }

  /** Answers a ping; only the latest needs one (RFC 6455 §5.5.3), so a flood of pings holds no memory. */
  pong(payload: Uint8Array): void {
    // A copy: the payload is a view of what may be a large read.
    if (!this.#isClosed) this.#pong = payload.slice();
  }

  /** Asks whether somebody is there; several at once are one. */
  ping(): void {
    this.#isPinging = !this.#isClosed;
  }

  /**
   * Adds the Close frame; nothing can be added after it.
   *
   * @param code The code, or `undefined` for a frame without one.
   * @param reason At most 123 bytes; nothing without a code.
   * @param keepsMessages Whether the messages that wait go first. The one being written is always finished.
   */
  close(code: number | undefined, reason: string, keepsMessages: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#close = renderClosePayload(code, reason);
    if (!keepsMessages) this.#drop();
  }

  #drop(): void {
    this.#entries = [];
    this.#taken = 0;
    this.#waitingBytes = 0;
  }

  /** Forgets everything: nobody is there to write to. */
  clear(): void {
    this.#drop();
    this.#isClosed = true;
    this.#isPinging = false;
    this.#current = this.#pong = this.#close = undefined;
  }

  /** The next bytes to write, small frames together; `undefined` if there is nothing now. */
  next(): Uint8Array | undefined {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < CHUNK_BYTES) {
      const part = this.#nextPart();
      if (part === undefined) break;
      parts.push(part);
      bytes += part.length;
    }
    return parts.length > 1 ? concat(parts) : parts[0];
  }

  /** A control frame may come between two messages, never inside a frame. */
  #nextPart(): Uint8Array | undefined {
    const step = this.#current?.next();
    if (step !== undefined && !step.done) return step.value;
    this.#current = undefined;
    if (this.#pong !== undefined) return this.#takePong(this.#pong);
    if (this.#isPinging) return this.#takePing();
    const entry = this.#takeEntry();
    if (entry !== undefined) {
      this.#current = renderMessage(entry.message, this.#mask(), CHUNK_BYTES);
      return this.#nextPart();
    }
    return this.#close === undefined ? undefined : this.#takeClose(this.#close);
  }

  #takePong(payload: Uint8Array): Uint8Array {
    this.#pong = undefined;
    return renderControl(OPCODE.pong, payload, this.#mask());
  }

  #takePing(): Uint8Array {
    this.#isPinging = false;
    return renderControl(OPCODE.ping, new Uint8Array(0), this.#mask());
  }

  #takeClose(payload: Uint8Array): Uint8Array {
    this.#close = undefined;
    return renderControl(OPCODE.close, payload, this.#mask());
  }

  #takeEntry(): Entry | undefined {
    const entry = this.#entries[this.#taken];
    if (entry === undefined) return undefined;
    this.#entries[this.#taken++] = undefined;
    this.#waitingBytes -= entry.bytes;
    if (this.#taken === this.#entries.length) this.#drop();
    else if (this.#taken > MAX_TAKEN) {
      this.#entries = this.#entries.slice(this.#taken);
      this.#taken = 0;
    }
    return entry;
  }
}
