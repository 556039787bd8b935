/**
 * How the bench talks with a server under test: its first line of output says where it listens, lines of input are
 * questions, and the end of input is its end.
 *
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";

declare const Bun: { gc(force: boolean): void } | undefined;

/** The options that the bench gave, of whatever shape the server expects. */
export function readOptions<Options>(): Options {
  // Our own bench is the only caller.
  return JSON.parse(process.argv[2] ?? "{}") as Options;
}

/** Tells the port, and answers questions until the input ends. */
export function announce(
  port: number,
  answers: Readonly<Record<string, () => unknown>> = {},
  close: () => Promise<void> | void = () => {},
): void {
  console.log(JSON.stringify({ port }));
  const input = createInterface({ input: process.stdin });
  input.on("line", async (line) => {
    const answer = line === "gc" ? collectGarbage() : await answers[line]?.();
    console.log(JSON.stringify(answer ?? null));
  });
  input.on("close", async () => {
    await close();
    process.exit(0);
  });
}

function collectGarbage(): void {
  if (typeof Bun === "undefined") {
    // Present by --expose-gc.
    const { gc } = globalThis as { gc?: () => void };
    for (let i = 0; i < 3; i++) gc?.();
  } else {
    for (let i = 0; i < 3; i++) Bun.gc(true);
  }
}
