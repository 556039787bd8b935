/**
 * What a running sidecar leaves for the commands `status` and `doctor`: where it is, and the key that makes it answer.
 *
 * @module
 */

/** One running sidecar. */
export interface RunRecord {
  readonly pid: number;
  /** Absolute: two projects may share one `node_modules`. */
  readonly root: string;
  /** Where it listens, such as `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** What it wants to be shown; see `CreateEnvironment.statusKey`. */
  readonly key: string;
  readonly version: string;
}

/** Such a file's name. */
export const RUN_FILE_REGEXP = /^run-(\d{1,10})\.json$/;

/** The name of the file of a process. */
export function runFileName(pid: number): string {
  return `run-${pid}.json`;
}

/** Renders the file. */
export function renderRunRecord(record: RunRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads one; `undefined` for everything that we have not written. */
export function parseRunRecord(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Any value but null and undefined can be asked for any name.
  const { pid, root, url, key, version } = (value ?? {}) as Record<string, unknown>;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof root !== "string" || typeof key !== "string" || typeof version !== "string") {
    return undefined;
  }
  // The key is not for anybody whom a forged file names.
  if (typeof url !== "string" || !isPlainUrl(url)) return undefined;
  return { pid, root, url, key, version };
}

function isPlainUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, pathname, search } = new URL(url);
  return protocol === "http:" && username === "" && password === "" && pathname === "/" &&
    search === "";
}
