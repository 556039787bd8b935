/**
 * The field `Vary`.
 *
 * @module
 */

/**
 * Adds names to a `Vary` that may be there.
 *
 * Without it a browser answers "back" with the JSON that it kept for the same address.
 *
 * @param value The field's value, or null.
 * @param names What the answer also depends on.
 * @returns The names of both, each once; `*` stays alone.
 */
export function mergeVary(value: string | null, names: readonly string[]): string {
  const before = (value ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (before.includes("*")) return "*";
  const isThere = (name: string): boolean =>
    before.some((known) => known.toLowerCase() === name.toLowerCase());
  return [...before, ...names.filter((name) => !isThere(name))].join(", ");
}
