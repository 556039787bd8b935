/**
 * Compares what servers answer, before anybody measures how fast they do.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { Agent, type IncomingMessage, request } from "node:http";

/** An answer, as far as it must be the same everywhere. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly length: number;
  readonly hash: string;
}

/** The headers that a browser acts upon. */
const COMPARED_HEADERS = ["content-type", "cache-control", "etag", "vary", "location"] as const;

/** Gets a URL over a connection of its own. */
export async function getAnswer(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly answer: Answer; readonly text: string }> {
  const { message, bytes } = await get(url, headers);
  const compared = COMPARED_HEADERS.map((name) => [name, message.headers[name]]);
  const answer: Answer = {
    status: message.statusCode,
    // Every compared header is one that comes once, so each value is a text.
    headers: Object.fromEntries(compared) as Answer["headers"],
    length: bytes.length,
    hash: createHash("sha256").update(bytes).digest("hex"),
  };
  return { answer, text: bytes.toString("utf8") };
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ message: IncomingMessage; bytes: Uint8Array & { toString(e: "utf8"): string } }> {
  const agent = new Agent();
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { headers, agent }, resolve).once("error", reject).end();
    });
    return { message, bytes: Buffer.concat(await Array.fromAsync<Uint8Array>(message)) };
  } finally {
    agent.destroy();
  }
}

/**
 * Asserts that several servers give the same 200.
 *
 * @throws {AssertionError} If one answers otherwise.
 */
export async function assertEqualAnswers(
  urls: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answers = await Promise.all(urls.map((url) => getAnswer(url, headers)));
  const [first, ...others] = answers.map(({ answer }) => answer);
  if (first?.status !== 200) {
    throw new Error(`Cannot measure ${urls[0]}: it answers ${first?.status}`);
  }
  others.forEach((other, index) => deepEqual(other, first, `${urls[index + 1]} answers otherwise`));
  return first;
}
