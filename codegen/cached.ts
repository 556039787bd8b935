/**
 * Answers that are given again and again.
 *
 * @module
 */

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
