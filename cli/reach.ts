/**
 * Waits until somebody listens.
 *
 * @module
 */
import { connect } from "node:net";

const ATTEMPT_MS = 1000;
const PAUSE_MS = 50;

/** Whether something accepts a connection at an origin right now. */
export async function isListening(origin: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(origin);
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  const host = hostname.replace(/^\[|\]$/g, "");
  // A machine's list of hosts may have one of the two alone.
  const hosts = host === "localhost" ? ["127.0.0.1", "::1"] : [host];
  const answers = await Promise.all(hosts.map((each) => accepts(each, number)));
  return answers.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  const timer = setTimeout(() => settle(false), ATTEMPT_MS);
  const settle = (isThere: boolean): void => {
    clearTimeout(timer);
    socket.destroy();
    resolve(isThere);
  };
  socket.once("connect", () => settle(true));
  socket.once("error", () => settle(false));
  return promise;
}

/**
 * Asks again and again until somebody listens, or until `signal` says that it is enough.
 *
 * @returns Whether somebody listens.
 */
export async function untilListening(origin: string, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    if (await isListening(origin)) return true;
    if (signal.aborted) return false;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", go);
        resolve();
      };
      const timer = setTimeout(go, PAUSE_MS);
      signal.addEventListener("abort", go);
    });
    if (signal.aborted) return false;
  }
}
