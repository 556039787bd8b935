/**
 * Registers tests on whichever runtime runs the suite: `Deno.test` on Deno, `node:test` on Bun.
 *
 * On Deno the leak sanitizers are on (`deno.json`): a test closes what it opens.
 *
 * @module
 */
import { test as nodeTest } from "node:test";

interface DenoLike {
  test(definition: { name: string; ignore?: boolean; fn: () => void | Promise<void> }): void;
}

/** Far above what a test takes on two slow cores: only a hang gets here. */
const LIMIT_MS = 120_000;

// Typed by hand: tests run on Bun too, where the name does not exist.
const deno = (globalThis as { Deno?: DenoLike }).Deno;
const isDeno = deno !== undefined && !("Bun" in globalThis);

/** The runtime under test. */
export const runtimeName: "deno" | "bun" = isDeno ? "deno" : "bun";

/** Registers a test. It fails after two minutes. */
export function test(name: string, fn: () => void | Promise<void>): void {
  if (isDeno) deno.test({ name, fn: () => limited(fn) });
  else nodeTest(name, { timeout: LIMIT_MS }, fn);
}

/** Registers a test that this machine can't run; the reason is printed and the test counted as skipped. */
test.skip = (name: string, reason: string): void => {
  console.error(`SKIPPED ${name}: ${reason}`);
  if (isDeno) deno.test({ name: `${name} (skipped: ${reason})`, ignore: true, fn: () => {} });
  else nodeTest(`${name} (skipped: ${reason})`, { skip: true }, () => {});
};

/** `Deno.test` has no time limit of its own. */
async function limited(fn: () => void | Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(
      `Cannot wait for the test any longer: ${LIMIT_MS / 1000} seconds are over`,
    );
    timer = setTimeout(() => reject(error), LIMIT_MS);
  });
  try {
    await Promise.race([fn(), late]);
  } finally {
    clearTimeout(timer);
  }
}
