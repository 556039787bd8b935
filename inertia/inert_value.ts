/**
 * Values in which there is nothing to resolve.
 *
 * @module
 */
import { isPlainObject } from "./own_property.ts";

/** Deeper is nobody's data, but an object that contains itself. */
export const MAX_DEPTH = 512;

/** Neither called nor looked into. */
export function isLeaf(
  value: unknown,
): value is string | number | boolean | bigint | symbol | null | undefined {
  return typeof value === "object" ? value === null : typeof value !== "function";
}

/**
 * Whether there is nothing to resolve in a value.
 *
 * Most data is such, and this finds it out in a fraction of the time that it takes to serialise it: `for in` over
 * objects of one shape is the fastest walk there is. What it does not know, the slow walk does.
 */
export function isInert(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  return Array.isArray(value) ? isInertArray(value, 0) : isInertObject(value, 0);
}

function isInertObject(object: object, depth: number): boolean {
  if (!mayBePlain(object)) return false;
  for (const key in object) {
    const value = object[key];
    // Most values; asked first, for this is where the time goes.
    if (typeof value === "string" || typeof value === "number" || value === null) continue;
    if (typeof value === "function") return false;
    if (typeof value !== "object") continue;
    // Perhaps a pagination container, or an object that contains itself.
    if (key === "items" || depth > MAX_DEPTH) return false;
    const isFree = Array.isArray(value)
      ? isInertArray(value, depth + 1)
      : isInertObject(value, depth + 1);
    if (!isFree) return false;
  }
  return true;
}

/** Costs V8 a third of asking for the prototype; whose constructor is wrong is looked through all the same. */
function mayBePlain(object: object): object is Record<string, unknown> {
  return object.constructor === Object || isPlainObject(object);
}

function isInertArray(array: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < array.length; index++) {
    const value = array[index];
    if (typeof value === "string" || typeof value === "number" || value === null) continue;
    if (typeof value === "function") return false;
    if (typeof value !== "object") continue;
    if (depth > MAX_DEPTH) return false;
    const isFree = Array.isArray(value)
      ? isInertArray(value, depth + 1)
      : isInertObject(value, depth + 1);
    if (!isFree) return false;
  }
  return true;
}
