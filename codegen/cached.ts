/**
 * Answers that are given again and again.
 *
 * @module
 */

/** A function that is asked for the same few texts again and again. */
export function cached(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const old = known.get(text);
    if (old !== undefined) return old;
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
