/**
 * Watches how the memory of a process grows.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { residentBytes, type ServerProcess } from "./server_process.ts";

const SAMPLE_MS = 20;
const SETTLE_MS = 300;

/** Resident memory after the collector has been at work. */
export async function settledBytes(server: ServerProcess): Promise<number> {
  await server.ask("gc");
  await delay(SETTLE_MS);
  await server.ask("gc");
  return residentBytes(server.pid);
}

/** Runs `work` and returns the highest memory above what was there before, and the work's result. */
export async function watchGrowth<T>(
  server: ServerProcess,
  work: () => Promise<T>,
): Promise<{ readonly growth: number; readonly result: T }> {
  const before = await settledBytes(server);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(server.pid));
  }, SAMPLE_MS);
  try {
    const result = await work();
    return { growth: Math.max(peak, residentBytes(server.pid)) - before, result };
  } finally {
    clearInterval(timer);
  }
}
