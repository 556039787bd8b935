/**
 * Looks at the processes of this machine. On Linux; elsewhere nothing is found.
 *
 * @module
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import process from "node:process";
import { parseListeners, parseParent, type SocketRow } from "./process_text.ts";
import type { ListenerFact } from "./snapshot.ts";

/** A process. */
export interface ProcessFact {
  readonly pid: number;
  readonly parent: number;
  /** Its words, joined by spaces. */
  readonly command: string;
  /** Its working directory; `undefined` if it is another user's. */
  readonly folder: string | undefined;
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else. An error of the system has a code.
    return (error as { code?: string }).code === "EPERM";
  }
}

/** All processes that can be looked at. */
export async function listProcesses(): Promise<readonly ProcessFact[]> {
  const names = await readdir("/proc").catch(() => []);
  const found = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => lookAt(Number(name))),
  );
  return found.filter((each) => each !== undefined);
}

async function lookAt(pid: number): Promise<ProcessFact | undefined> {
  const stat = await readText(`/proc/${pid}/stat`);
  const parent = parseParent(stat);
  if (parent === undefined) return undefined;
  const command = (await readText(`/proc/${pid}/cmdline`)).replaceAll("\0", " ").trim();
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return { pid, parent, command, folder };
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** A process with all that descend from it. */
export function descendantsOf(
  pids: readonly number[],
  processes: readonly ProcessFact[],
): ReadonlySet<number> {
  const tree = [...pids];
  for (const member of tree) {
    for (const { pid, parent } of processes) {
      if (parent === member && !tree.includes(pid)) tree.push(pid);
    }
  }
  return new Set(tree);
}

/** What listens; of other users' processes without their id. */
export async function listListeners(
  processes: readonly ProcessFact[],
): Promise<readonly ListenerFact[]> {
  const texts = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map(readText));
  const rows = texts.flatMap(parseListeners);
  const owners = await ownersOf(rows, processes);
  return rows.map(({ address, port, inode }) => {
    const owner = owners.get(inode);
    return { address, port, pid: owner?.pid, command: (owner?.command ?? "").slice(0, 160) };
  });
}

async function ownersOf(
  rows: readonly SocketRow[],
  processes: readonly ProcessFact[],
): Promise<ReadonlyMap<string, ProcessFact>> {
  const wanted = new Set(rows.map(({ inode }) => inode));
  const owners = new Map<string, ProcessFact>();
  await Promise.all(processes.map(async (fact) => {
    const folder = `/proc/${fact.pid}/fd`;
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const target = await readlink(`${folder}/${name}`).catch(() => "");
      const [, inode = ""] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
      if (wanted.has(inode)) owners.set(inode, fact);
    }
  }));
  return owners;
}
