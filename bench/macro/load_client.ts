/**
 * Our own load generator, for machines without wrk: raw sockets that are kept alive, one request on each at a time.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import process from "node:process";

interface Options {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly connections: number;
}

// `load.ts` is the only caller.
const options = JSON.parse(process.argv[2] ?? "{}") as Options;
const { hostname, port, pathname, search, host } = new URL(options.url);
const request = Buffer.from(
  [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    ...Object.entries(options.headers).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n"),
);
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const latencies: number[] = [];

/** Counts one answer after the other on a connection. */
class Client {
  readonly #socket: Socket;
  #started = 0;
  /** Bytes still to come: `undefined` while the head is read, `"chunked"` until the last chunk. */
  #remaining: number | "chunked" | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor() {
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("connect", () => this.#ask());
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    for (const event of ["error", "close"]) {
      this.#socket.on(event, () => fail("a connection ended"));
    }
  }

  #ask(): void {
    this.#remaining = undefined;
    this.#started = performance.now();
    this.#socket.write(request);
  }

  #take(chunk: Buffer): void {
    if (typeof this.#remaining === "number") return this.#count(chunk.length);
    // Only the end of a chunked body is looked for; what is inside is no concern of a load generator.
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (this.#remaining === "chunked") return this.#takeChunked(bytes);
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) this.#rest = bytes;
    else this.#takeBody(bytes.subarray(0, end).toString("latin1"), bytes.subarray(end + 4));
  }

  #takeBody(head: string, body: Buffer): void {
    if (!head.startsWith("HTTP/1.1 200")) fail(head);
    this.#rest = Buffer.alloc(0);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.#remaining = length === null ? "chunked" : Number(length[1]);
    if (length === null) this.#takeChunked(body);
    else this.#count(body.length);
  }

  #count(bytes: number): void {
    // A number whenever this is called.
    this.#remaining = (this.#remaining as number) - bytes;
    if (this.#remaining <= 0) this.#answered();
  }

  #takeChunked(bytes: Buffer): void {
    if (bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) this.#answered();
    else this.#rest = bytes.subarray(-LAST_CHUNK.length);
  }

  #answered(): void {
    latencies.push(performance.now() - this.#started);
    this.#rest = Buffer.alloc(0);
    this.#ask();
  }
}

function fail(why: string): never {
  console.error(`Cannot measure ${options.url}: ${why}`);
  process.exit(1);
}

const begun = performance.now();
for (let i = 0; i < options.connections; i++) new Client();
setTimeout(() => {
  const elapsed = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? NaN;
  console.log(JSON.stringify({
    requestsPerSecond: latencies.length / elapsed,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  }));
  process.exit(0);
}, options.seconds * 1000);
