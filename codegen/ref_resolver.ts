/**
 * References within a document.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { getText, isObject } from "./json_value.ts";

/** Follows references of one document. */
export interface RefResolver {
  /** What a reference leads to, through further ones. `value` is `undefined` where it leads nowhere. */
  follow(ref: string, where: string): { readonly value: unknown; readonly isLoop: boolean };
  /** The value itself, or what its reference leads to. */
  resolve(value: unknown, where: string): unknown;
}

/** Creates a resolver. */
export function createResolver(document: unknown, sink: DiagnosticSink): RefResolver {
  const follow = (start: string, where: string): { value: unknown; isLoop: boolean } => {
    const seen = new Set<string>();
    let ref = start;
    for (;;) {
      if (seen.has(ref)) {
        sink.add(
          "warning",
          "ref-loop",
          where,
          `The reference "${shown(start)}" leads back to itself`,
        );
        return { value: undefined, isLoop: true };
      }
      seen.add(ref);
      const value = ref.startsWith("#") ? lookUp(document, ref) : undefined;
      if (value === undefined) {
        const [code, state] = ref.startsWith("#")
          ? ["missing-ref", "leads nowhere"] as const
          : ["external-ref", "leads into another document, which is not read"] as const;
        sink.add("warning", code, where, `The reference "${shown(ref)}" ${state}`);
        return { value: undefined, isLoop: false };
      }
      const next = getText(value, "$ref");
      if (next === undefined) return { value, isLoop: false };
      ref = next;
    }
  };
  return {
    follow,
    resolve: (value, where) => {
      const ref = getText(value, "$ref");
      return ref === undefined ? value : follow(ref, where).value;
    },
  };
}

/** A JSON pointer in a URL's fragment (RFC 6901 §6): percent-encoded around `~1` and `~0`. */
function lookUp(document: unknown, ref: string): unknown {
  let value = document;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A step of a pointer, as a diagnostic writes it. */
export function pointerStep(key: string): string {
  return shown(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
