/**
 * Finds the name that somebody most likely meant.
 *
 * @module
 */

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one text into the other.
 *
 * The optimal string alignment distance: a swap counts one, so "prot" is as near to "port" as "pot" is.
 */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      current.push(cheapest(from, to, row, column, [beforeLast, last, current]));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

function cheapest(
  from: string,
  to: string,
  row: number,
  column: number,
  [beforeLast, last, current]: readonly [number[], number[], number[]],
): number {
  const at = (line: number[], index: number): number => line[index] ?? Infinity;
  const same = from[row - 1] === to[column - 1];
  const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
  return Math.min(
    at(last, column) + 1,
    at(current, column - 1) + 1,
    at(last, column - 1) + (same ? 0 : 1),
    swapped ? at(beforeLast, column - 2) + 1 : Infinity,
  );
}

/** Letters alone: `--allow-remote`, `allowRemote` and `ALLOW_REMOTE` are one name to a human. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * Returns the name nearest to a wrong one, or `undefined` where none is near enough to be meant.
 *
 * Near enough is one edit in three letters: more would propose names that share nothing but their length.
 *
 * @param wrong The name as given.
 * @param names The names that exist.
 */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  const letters = lettersOf(wrong);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(letters.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(letters, lettersOf(name));
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}
