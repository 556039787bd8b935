/**
 * Keys that somebody else chose.
 *
 * @module
 */

/** Sets a key of an object; `__proto__` is one like any other, and does not set the prototype. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else {
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

/** Whether an object is a literal or came out of `JSON.parse`; only such a one is looked into for props. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is a promise, of whatever library; a literal with a prop that is called `then` is none. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function" && !isPlainObject(value);
}
