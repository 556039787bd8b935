/**
 * Reads a source: a file, or a document of a server.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { TypesError } from "./diagnostic.ts";
import { isUrl, sourceName, type TypesPlan } from "./options.ts";
import { answerProblem, fileProblem, requestProblem, tooLarge } from "./source_problem.ts";

/** A document as it was read. */
export interface SourceText {
  /** The file or the URL. */
  readonly source: string;
  /** Its name in messages. */
  readonly name: string;
  readonly text: string;
}

/** What sources are read with. */
export type SourceLimits = Pick<TypesPlan, "root" | "timeoutMs" | "maxBytes">;

/**
 * Reads a file or a URL.
 *
 * @throws {TypesError} If it can't be read, or is too large; the message is one sentence.
 */
export async function readSource(
  source: string,
  limits: SourceLimits,
  signal?: AbortSignal,
): Promise<SourceText> {
  const name = sourceName(source, limits.root);
  const bytes = isUrl(source)
    ? (await ask(source, name, { limits, signal }))?.bytes
    : await readBytes(source, name, limits);
  return { source, name, text: new TextDecoder().decode(bytes) };
}

/** What a server knows a version of a document by. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A document of a server, and what it can be asked about later. */
export interface VersionedText {
  readonly text: string;
  readonly validators: Validators;
}

/**
 * Reads a URL unless its document is still the version that is known.
 *
 * @returns `undefined` if it is.
 * @throws {TypesError} As {@linkcode readSource}.
 */
export async function readIfOther(
  url: string,
  known: Validators | undefined,
  limits: SourceLimits,
  signal?: AbortSignal,
): Promise<VersionedText | undefined> {
  const name = sourceName(url, limits.root);
  const answer = await ask(url, name, { limits, known, signal });
  return answer === undefined
    ? undefined
    : { text: new TextDecoder().decode(answer.bytes), validators: answer.validators };
}

/** As {@linkcode readSource}, but `undefined` where there is no such file. */
export async function readIfThere(
  path: string,
  limits: SourceLimits,
): Promise<SourceText | undefined> {
  try {
    return await readSource(path, limits);
  } catch (error) {
    if (error instanceof TypesError && error.code === "absent") return undefined;
    throw error;
  }
}

async function readBytes(
  path: string,
  name: string,
  { maxBytes }: SourceLimits,
): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      const state = found.isDirectory() ? "it is a folder" : "it is no plain file";
      throw new TypesError("unreadable", name, `Cannot read "${name}": ${state}`);
    }
    if (found.size > maxBytes) throw tooLarge(name, found.size, maxBytes);
    return await readFile(path);
  } catch (error) {
    throw error instanceof TypesError ? error : fileProblem(name, error);
  }
}

interface Question {
  readonly limits: SourceLimits;
  readonly known?: Validators | undefined;
  readonly signal: AbortSignal | undefined;
}

/** `undefined` is the answer that nothing is new; nobody gets it who knows nothing. */
async function ask(
  url: string,
  name: string,
  { limits: { timeoutMs, maxBytes }, known, signal }: Question,
): Promise<{ readonly bytes: Uint8Array; readonly validators: Validators } | undefined> {
  const late = timeoutMs === 0 ? undefined : AbortSignal.timeout(timeoutMs);
  const ends = [signal, late].filter((each) => each !== undefined);
  try {
    const answer = await fetch(withoutUser(url), {
      headers: {
        accept: "application/json, application/yaml;q=0.9, */*;q=0.8",
        ...authorization(url),
        ...conditions(known),
      },
      signal: AbortSignal.any(ends),
    });
    if (answer.status === 304 && known !== undefined) {
      await answer.body?.cancel();
      return undefined;
    }
    const problem = answerProblem(name, answer.status, answer.headers.get("content-type") ?? "");
    if (problem !== undefined) {
      await answer.body?.cancel();
      throw problem;
    }
    const bytes = await gather(answer, name, maxBytes);
    return { bytes, validators: validatorsOf(answer.headers) };
  } catch (error) {
    if (error instanceof TypesError) throw error;
    signal?.throwIfAborted();
    throw requestProblem(name, error, late?.aborted === true ? timeoutMs : undefined);
  }
}

/** A date counts seconds: one that is of the answer's own second may stand for two versions (RFC 9110 §8.8.2.2). */
function validatorsOf(headers: Headers): Validators {
  const lastModified = headers.get("last-modified");
  const ageMs = Date.parse(headers.get("date") ?? "") - Date.parse(lastModified ?? "");
  return { etag: headers.get("etag"), lastModified: ageMs >= 1000 ? lastModified : null };
}

function conditions(known: Validators | undefined): Readonly<Record<string, string>> {
  const { etag = null, lastModified = null } = known ?? {};
  if (etag !== null) return { "if-none-match": etag };
  return lastModified === null ? {} : { "if-modified-since": lastModified };
}

/** `fetch` refuses a URL with a password. */
function withoutUser(text: string): URL {
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url;
}

function authorization(text: string): Readonly<Record<string, string>> {
  const { username, password } = new URL(text);
  if (username === "" && password === "") return {};
  return {
    authorization: `Basic ${
      btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
    }`,
  };
}

async function gather(answer: Response, name: string, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  // A body that says how long it is may lie; what arrives does not.
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    // Leaving the loop cancels the body.
    if (length > maxBytes) throw tooLarge(name, undefined, maxBytes);
    pieces.push(piece);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
