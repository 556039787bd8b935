/**
 * Answers that are given again and again.
 *
 * @module
 */

/** A function that is asked for the same few items again and again, each with its number below `count`. */
export function cachedByNumber<Item, Value>(
  count: number,
  make: (item: Item) => Value,
): (number: number, item: Item) => Value {
  const known = new Array<Value | undefined>(count).fill(undefined);
  return (number, item) => known[number] ??= make(item);
}

/** A function that is asked for the same few texts, or paths, again and again. */
export function cached<Key>(make: (key: Key) => string): (key: Key) => string {
  const known = new Map<Key, string>();
  return (key) => {
    const old = known.get(key);
    if (old !== undefined) return old;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
