/**
 * Registers tests on whichever runtime runs the suite: `Deno.test` on Deno, `node:test` on Bun.
 *
 * @module
 */
import { test as nodeTest } from "node:test";

interface DenoLike {
  test(definition: { name: string; ignore?: boolean; fn: () => void | Promise<void> }): void;
}

// Typed by hand: tests run on Bun too, where the name does not exist.
const deno = (globalThis as { Deno?: DenoLike }).Deno;
const isDeno = deno !== undefined && !("Bun" in globalThis);

/** The runtime under test. */
export const runtimeName: "deno" | "bun" = isDeno ? "deno" : "bun";

/** Registers a test. */
export function test(name: string, fn: () => void | Promise<void>): void {
  if (isDeno) deno.test({ name, fn });
  else nodeTest(name, { timeout: 120_000 }, fn);
}

/** Registers a test that this machine can't run; the reason is printed and the test counted as skipped. */
test.skip = (name: string, reason: string): void => {
  console.error(`SKIPPED ${name}: ${reason}`);
  if (isDeno) deno.test({ name: `${name} (skipped: ${reason})`, ignore: true, fn: () => {} });
  else nodeTest(`${name} (skipped: ${reason})`, { skip: true }, () => {});
};
