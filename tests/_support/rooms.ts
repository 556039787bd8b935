/**
 * Reads the list of rooms in `ARCHITECTURE.md`.
 *
 * @module
 */

/** A line of the list. */
export interface ListedEntry {
  /** P: pure. IO: does what its pure twin decided. */
  readonly mark: "P" | "IO" | undefined;
  /** Whether the line says "not yet there". */
  readonly isPlanned: boolean;
}

const FENCE_REGEXP = /^## Rooms$[\s\S]*?^```text\n([\s\S]*?)^```$/m;
const LINE_REGEXP = /^( *)(\S+) *(?:(P|IO)(?= |$))? *(.*)$/;

/**
 * Reads the tree under the heading "Rooms": one path a line, two spaces deeper inside a folder, its mark, its purpose.
 * A line that continues the purpose of the one above starts deeper than any path and is skipped.
 *
 * @returns Paths from the root, folders with their `/`.
 * @throws {SyntaxError} If there is no such list.
 */
export function parseRooms(markdown: string): ReadonlyMap<string, ListedEntry> {
  const list = FENCE_REGEXP.exec(markdown)?.[1];
  if (list === undefined) {
    throw new SyntaxError('Cannot read "ARCHITECTURE.md": it has no list under "## Rooms"');
  }
  const rooms = new Map<string, ListedEntry>();
  const folders: string[] = [];
  for (const line of list.split("\n")) {
    const [, indent = "", name = "", mark, purpose = ""] = LINE_REGEXP.exec(line) ?? [];
    const depth = indent.length / 2;
    if (name === "" || depth > folders.length) continue;
    folders.length = depth;
    rooms.set([...folders, name].join(""), {
      // The expression admits these two alone.
      mark: mark as "P" | "IO" | undefined,
      isPlanned: purpose.startsWith("not yet there"),
    });
    if (name.endsWith("/")) folders.push(name);
  }
  return rooms;
}
