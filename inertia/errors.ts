/**
 * Validation errors: by bag, by field, one message or all.
 *
 * @module
 */
import { setOwn } from "./own_property.ts";

/** Messages by field, as a session keeps them. */
export type FieldMessages = Readonly<Record<string, readonly string[]>>;

/** Fields by bag; `default` is the bag of a form that names none. */
export type ErrorBags = Readonly<Record<string, FieldMessages>>;

/** Errors as one writes them: a message or several, by field. */
export type FieldErrors = Readonly<Record<string, string | readonly string[]>>;

/** The bag of a form that names none. */
export const DEFAULT_BAG = "default";

/** Errors as a session keeps them; a field without a message is none. */
export function fieldMessages(errors: FieldErrors): FieldMessages {
  return Object.fromEntries(
    Object.entries(errors)
      .map(([field, messages]) => [field, typeof messages === "string" ? [messages] : messages])
      .filter(([, messages]) => messages !== undefined && messages.length > 0),
  );
}

/** Adds bags to bags; one of the same name is replaced, for it is the younger answer to the same form. */
export function mergeBags(bags: ErrorBags | undefined, more: ErrorBags | undefined): ErrorBags {
  return Object.fromEntries([...Object.entries(bags ?? {}), ...Object.entries(more ?? {})]);
}

/** How errors become a prop. */
export interface ErrorsPropOptions {
  /** The name under which the form wants them. */
  readonly bag: string | undefined;
  /** Whether each field has all its messages, or the first. */
  readonly allErrors: boolean;
}

/**
 * The prop `errors`: the fields of the default bag, under a name if the form gave one; else all named bags.
 *
 * It is an object in any case, or the client loses what it had.
 */
export function errorsProp(bags: ErrorBags, options: ErrorsPropOptions): Record<string, unknown> {
  const plain = Object.hasOwn(bags, DEFAULT_BAG) ? bags[DEFAULT_BAG] : undefined;
  const render = (fields: FieldMessages): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields)
        .map(([field, messages]) => [field, options.allErrors ? messages : messages[0] ?? ""]),
    );
  const prop: Record<string, unknown> = {};
  if (plain === undefined) {
    for (const [bag, fields] of Object.entries(bags)) setOwn(prop, bag, render(fields));
    return prop;
  }
  if (options.bag === undefined) return render(plain);
  setOwn(prop, options.bag, render(plain));
  return prop;
}
