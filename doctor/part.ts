/**
 * Parts of a snapshot: known, not there, or not to be had.
 *
 * @module
 */

/** One part of what is known about a project. */
export type Part<T> =
  | { readonly kind: "known"; readonly value: T }
  /** There is nothing to look at, as nothing is installed or built. */
  | { readonly kind: "absent"; readonly why: string }
  /** Looking failed, or took too long. */
  | { readonly kind: "failed"; readonly why: string };

/** A check asked for a part that is not known. */
export class NotKnown extends Error {
  override readonly name = "NotKnown";
  /** Whether there is simply nothing to look at. */
  readonly isAbsent: boolean;

  constructor(why: string, isAbsent: boolean) {
    super(why);
    this.isAbsent = isAbsent;
  }
}

/**
 * Gives the value of a part.
 *
 * @throws {NotKnown} If it is not known: the check is skipped then.
 */
export function known<T>(part: Part<T>): T {
  if (part.kind === "known") return part.value;
  throw new NotKnown(part.why, part.kind === "absent");
}

/** A part that is known. */
export function knownPart<T>(value: T): Part<T> {
  return { kind: "known", value };
}

/** A part that is not there. */
export function absentPart(why: string): Part<never> {
  return { kind: "absent", why };
}
