/**
 * Why a source can't be read, in one sentence each.
 *
 * @module
 */
import { TypesError } from "./diagnostic.ts";

const NETWORK_STATES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ConnectionRefused: "nothing listens there",
  ECONNRESET: "the connection broke off",
  ConnectionReset: "the connection broke off",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "there is no such host",
  FailedToOpenSocket: "nothing listens there",
};

const FILE_STATES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
  ELOOP: "its path goes through links in a circle",
};

/** A document beyond the limit. */
export function tooLarge(name: string, bytes: number | undefined, maxBytes: number): TypesError {
  const has = bytes === undefined ? `more than ${maxBytes} bytes` : `${bytes} bytes`;
  const limit = bytes === undefined ? "" : `, and ${maxBytes} are allowed`;
  return new TypesError(
    "too-large",
    name,
    `Cannot read "${name}": it has ${has}${limit}`,
    "raise types.maxBytes in sidecar.config.ts, if a document of that size is meant",
  );
}

/** What the system says of a file. */
export function fileProblem(name: string, error: unknown): TypesError {
  const code = fieldOf(error, "code");
  const state = FILE_STATES[code] ?? messageOf(error);
  const isAbsent = code === "ENOENT" || code === "ENOTDIR";
  return new TypesError(
    isAbsent ? "absent" : "unreadable",
    name,
    `Cannot read "${name}": ${state}`,
  );
}

/** What an answer says by its status and its type; `undefined` if it may be a document. */
export function answerProblem(name: string, status: number, type: string): TypesError | undefined {
  if (status < 200 || status > 299) {
    // What stands before a server that starts anew says so, and it may come back.
    const code = status >= 500 ? "unreachable" : "bad-answer";
    return new TypesError(code, name, `Cannot read "${name}": the answer is ${status}`);
  }
  if (!/^\s*(?:text\/html|application\/xhtml)/i.test(type)) return undefined;
  return new TypesError(
    "bad-answer",
    name,
    `Cannot read "${name}": the answer is a page of HTML, not a document`,
    "give the URL of the document itself, such as /schema/openapi.json or /openapi.json",
  );
}

/** What `fetch` threw. */
export function requestProblem(
  name: string,
  error: unknown,
  lateAfterMs: number | undefined,
): TypesError {
  if (lateAfterMs !== undefined) {
    const message = `Cannot read "${name}": there is no whole answer within ${lateAfterMs} ms`;
    return new TypesError(
      "unreachable",
      name,
      message,
      "raise types.timeout, or look at the server",
    );
  }
  return new TypesError(
    "unreachable",
    name,
    `Cannot read "${name}": ${networkState(error)}`,
    "start the server, or give a file",
  );
}

/** Each runtime wraps the system's word in its own way. */
function networkState(error: unknown): string {
  const cause = fieldOf(error, "cause") === "" ? undefined : (error as Error).cause;
  for (const each of [error, cause]) {
    const state = NETWORK_STATES[fieldOf(each, "code")];
    if (state !== undefined) return state;
  }
  const text = `${messageOf(error)} ${cause === undefined ? "" : messageOf(cause)}`;
  if (/connection refused|unable to connect/i.test(text)) return "nothing listens there";
  if (/dns error|failed to lookup|no such host/i.test(text)) return "there is no such host";
  return messageOf(error).split("\n")[0] ?? "";
}

function fieldOf(error: unknown, name: "code" | "cause"): string {
  if (typeof error !== "object" || error === null || !(name in error)) return "";
  // `in` has just said that it is there.
  const value = (error as Readonly<Record<string, unknown>>)[name];
  return value === undefined ? "" : String(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
