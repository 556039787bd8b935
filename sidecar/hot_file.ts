/**
 * The hot file: one line in `public/hot` that says where a Vite listens. Read with suspicion, written after listening.
 *
 * Laravel's Vite plugin, litestar-vite and others write and read the same file.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { dirname } from "node:path";
import process from "node:process";

/** What a hot file says. */
export type HotFile =
  | { readonly kind: "absent" }
  /** It is there, and must not be believed. */
  | { readonly kind: "ignored"; readonly reason: string }
  /** A Vite may listen at this URL, which ends without a slash. */
  | { readonly kind: "found"; readonly url: string };

/** A longer file is no URL. */
const MAX_BYTES = 2048;
const PROBE_TIMEOUT_MS = 500;
const LOOPBACK_REGEXP = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const WRITABLE_BY_OTHERS = 0o002;

/**
 * Reads the text of a hot file.
 *
 * @returns The URL without a slash at its end.
 * @throws {SyntaxError} If it is not one line with a plain http(s) URL of this machine.
 */
export function parseHotFile(text: string): string {
  const line = text.trim();
  const refuse = (state: string): SyntaxError =>
    new SyntaxError(`Cannot read "${line.slice(0, 100)}" as a hot file: ${state}`);
  // No white space, no control character: WHATWG URLs would drop some of them silently.
  if (!/^[\x21-\x7e]+$/.test(line)) throw refuse("it is not one line with one URL");
  if (!URL.canParse(line)) throw refuse("it is not a URL");
  const url = new URL(line);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refuse("it is not http or https");
  }
  if (url.username !== "" || url.password !== "") throw refuse("it has credentials");
  if (url.search !== "" || url.hash !== "") throw refuse("it has a query or a fragment");
  if (!LOOPBACK_REGEXP.test(url.hostname)) throw refuse("its host is not this machine");
  return url.href.replace(/\/+$/, "");
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function checkFile(path: string): Promise<string | undefined> {
  const found = await lstat(path);
  // Not followed: a link may lead to a file that somebody else writes.
  if (found.isSymbolicLink()) return "it is a symbolic link";
  if (!found.isFile()) return "it is not a file";
  if (found.size > MAX_BYTES) return `it is longer than ${MAX_BYTES} bytes`;
  if (process.platform !== "win32" && (found.mode & WRITABLE_BY_OTHERS) !== 0) {
    return "every user of this machine may write it";
  }
  return undefined;
}

/** Reads a hot file; never throws. */
export async function readHotFile(path: string): Promise<HotFile> {
  try {
    const objection = await checkFile(path);
    if (objection !== undefined) {
      return { kind: "ignored", reason: `Cannot believe the hot file "${path}": ${objection}` };
    }
    return { kind: "found", url: parseHotFile(await readFile(path, "utf8")) };
  } catch (error) {
    // A system's error carries a code; a missing file is the normal case.
    if ((error as { code?: string }).code === "ENOENT") return { kind: "absent" };
    return { kind: "ignored", reason: explain(error) };
  }
}

/**
 * Asks whether a Vite answers at a URL: `@vite/client` must be there, and JavaScript, in time.
 *
 * @param url The URL with the dev base, without a slash at its end.
 */
export function probeVite(url: string, timeoutMs = PROBE_TIMEOUT_MS): Promise<boolean> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    // A certificate for a dev server on loopback is self-signed; nothing secret is sent.
    const options = { agent: false, rejectUnauthorized: false, signal } as const;
    const asked = request(`${url}/@vite/client`, options, (answer) => {
      const type = answer.headers["content-type"] ?? "";
      resolve(answer.statusCode === 200 && /^(?:text|application)\/javascript\b/.test(type));
      answer.destroy();
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/** Reads a hot file and believes it only if a Vite answers there. */
export async function findRunningVite(
  path: string,
  probe: (url: string) => Promise<boolean> = probeVite,
): Promise<HotFile> {
  const found = await readHotFile(path);
  if (found.kind !== "found" || await probe(found.url)) return found;
  const reason = `Cannot believe the hot file "${path}": no Vite answers at ${found.url}`;
  return { kind: "ignored", reason };
}

/** A hot file that we wrote. */
export interface WrittenHotFile {
  /** Removes it, unless somebody else wrote it since. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Writes the hot file, at once and whole. Call it when Vite listens, not before: readers connect at sight.
 *
 * @param url What readers get; written without a slash and without a newline at its end, as some do not trim.
 */
export async function writeHotFile(path: string, url: string): Promise<WrittenHotFile> {
  const text = url.replace(/\/+$/, "");
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o644 });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return { close: () => removeIfOurs(path, text) };
}

async function removeIfOurs(path: string, text: string): Promise<void> {
  const present = await readFile(path, "utf8").catch(() => undefined);
  if (present === text) await rm(path, { force: true });
}
