/**
 * What a process that we started leaves behind.
 *
 * A descendant that made a session of its own (`setsid`) has no parent any more that we know, and is in no group that we
 * could signal. Its environment tells, which it has from its ancestor: so each run gets a mark there. Linux alone lets us
 * read that; elsewhere nothing is found.
 *
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";

/** The environment variable that holds the mark. */
export const MARK_NAME = "LV_SIDECAR_RUN";

/** A process that is left. */
export interface Leftover {
  readonly pid: number;
  /** Its arguments, for a log. */
  readonly command: string;
  /** Whether it left our session, as a daemon or a browser does, and so means to stay. */
  readonly isDetached: boolean;
}

const MAX_COMMAND = 120;
/** What ends with its parent's pipes, as esbuild does, needs a moment for it. */
const GRACE_MS = 250;

/** Finds the processes whose environment holds a mark. */
export async function findLeftovers(mark: string): Promise<readonly Leftover[]> {
  const entry = `${MARK_NAME}=${mark}`;
  const own = await readSession("self");
  const names = await readdir("/proc").catch(() => []);
  const found = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => look(name, entry, own)),
  );
  return found.filter((leftover) => leftover !== undefined);
}

async function look(
  name: string,
  entry: string,
  ownSession: string | undefined,
): Promise<Leftover | undefined> {
  const environment = await readText(`/proc/${name}/environ`);
  if (environment?.split("\0").includes(entry) !== true) return undefined;
  const session = await readSession(name);
  if (session === undefined) return undefined;
  const command = await readText(`/proc/${name}/cmdline`) ?? "";
  return {
    pid: Number(name),
    command: command.replaceAll("\0", " ").trim().slice(0, MAX_COMMAND),
    isDetached: session !== ownSession,
  };
}

/** The session of a process that runs; `undefined` for one that only waits to be reaped. */
async function readSession(name: string): Promise<string | undefined> {
  const stat = await readText(`/proc/${name}/stat`);
  // The name before it stands in parentheses and may hold spaces and parentheses itself.
  const [state, , , session] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return state === "Z" || state === "X" ? undefined : session;
}

/** Another user's process, or one that is gone, has nothing to say. */
function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/**
 * Ends what is left in our session, and says what is left elsewhere: a browser that a plugin opened is nobody's to end.
 *
 * @returns A line for each process.
 */
export async function endLeftovers(mark: string): Promise<readonly string[]> {
  if ((await findLeftovers(mark)).length === 0) return [];
  await delay(GRACE_MS);
  return (await findLeftovers(mark)).map(({ pid, command, isDetached }) => {
    if (isDetached) return `Vite left process ${pid} running, in a session of its own: ${command}`;
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // ESRCH: it ended just now.
    }
    return `Vite left process ${pid} behind, which is ended: ${command}`;
  });
}
