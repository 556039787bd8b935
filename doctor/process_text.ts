/**
 * Reads what Linux writes below `/proc`.
 *
 * @module
 */

/** A listening socket. */
export interface SocketRow {
  /** As people write it: `127.0.0.1`, `::1`. */
  readonly address: string;
  readonly port: number;
  /** Names it among the files of its process. */
  readonly inode: string;
}

const LISTEN = "0A";

/** The listening sockets of `/proc/net/tcp` or `tcp6`. */
export function parseListeners(text: string): SocketRow[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [hex = "", port = ""] = local.split(":");
    if (state !== LISTEN) return [];
    return [{ address: parseAddress(hex), port: Number.parseInt(port, 16), inode }];
  });
}

/** Case: "0100007F" -> "127.0.0.1"; the kernel writes words of four bytes, the last byte first. */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16))
  );
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  if (isMapped) return bytes.slice(12).join(".");
  if (bytes.slice(0, 15).every((byte) => byte === 0)) {
    return bytes[15] === 0 ? "::" : `::${bytes[15]}`;
  }
  const groups = Array.from(
    { length: 8 },
    (_, index) => (((bytes[2 * index] ?? 0) << 8) + (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return groups.join(":");
}

/** The parent in the file `stat` of a process; `undefined` for one that is gone. */
export function parseParent(stat: string): number | undefined {
  // The name before it stands in parentheses, and may hold spaces and parentheses itself.
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return stat === "" || state === "Z" || state === "X" ? undefined : Number(parent);
}
