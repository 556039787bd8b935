/**
 * What the kernel knows of processes: who descends from whom and who listens where, read from `/proc`.
 *
 * @module
 */
import { readdir, readFile, readlink } from "node:fs/promises";

/** Whether this machine has a `/proc` to read. */
export const hasProc: boolean = await readFile("/proc/self/stat").then(() => true, () => false);

/** A socket in the state LISTEN. */
export interface ListeningSocket {
  readonly pid: number;
  /** The address as the kernel writes it, in hexadecimal: `0100007F` is 127.0.0.1. */
  readonly address: string;
  readonly port: number;
}

interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
}

const LISTEN = "0A";
const LOOPBACK_REGEXP =
  /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F|0{16}0000FFFF[0-9A-F]{6}7F)$/;

/** Whether a {@linkcode ListeningSocket.address} is of 127.0.0.0/8, `::1` or either in IPv6's clothes. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_REGEXP.test(address);
}

async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold spaces and parentheses itself.
  const [state = "", parent = ""] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, state, parent: Number(parent) };
}

/** Whether a process runs; one that only waits to be reaped (state Z) does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readStat(pid);
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

/** The process and all that descend from it, parents first. */
export async function processTree(pid: number): Promise<readonly number[]> {
  const names = await readdir("/proc");
  const stats = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map(Number).map(readStat),
  );
  const tree = [pid];
  for (const member of tree) {
    for (const stat of stats) if (stat?.parent === member) tree.push(stat.pid);
  }
  return tree;
}

async function socketInodes(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const fds = await readdir(folder).catch(() => []);
  const links = await Promise.all(fds.map((fd) => readlink(`${folder}/${fd}`).catch(() => "")));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

async function readTable(pid: number, table: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(`/proc/${pid}/net/${table}`, "utf8").catch(() => "");
  return text.split("\n").slice(1).map((line) => line.trim().split(/\s+/));
}

async function listeningOf(pid: number): Promise<readonly ListeningSocket[]> {
  const inodes = await socketInodes(pid);
  const rows = [...await readTable(pid, "tcp"), ...await readTable(pid, "tcp6")];
  return rows.flatMap(([, local = "", , state, , , , , , inode = ""]) => {
    const [address = "", port = ""] = local.split(":");
    const isOurs = state === LISTEN && inodes.has(inode);
    return isOurs ? [{ pid, address, port: Number.parseInt(port, 16) }] : [];
  });
}

/** The TCP sockets on which any of the processes listens. */
export async function listeningSockets(
  pids: readonly number[],
): Promise<readonly ListeningSocket[]> {
  return (await Promise.all(pids.map(listeningOf))).flat();
}
