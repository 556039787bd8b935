/**
 * Compares what was observed with what a case expects.
 *
 * @module
 */
import type { InertiaCase, Observation } from "./inertia_case.ts";

/** An expectation that does not hold. */
export interface Failure {
  readonly what: string;
  readonly expected: unknown;
  readonly seen: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every expectation of a case that does not hold. */
export function failuresOf({ expect: want }: InertiaCase, got: Observation): readonly Failure[] {
  if (want.throws !== undefined) {
    const isThrown = got.throws !== undefined &&
      (want.throws === "*" || want.throws === got.throws);
    return isThrown ? [] : [{ what: "throws", expected: want.throws, seen: got.throws }];
  }
  if (got.throws !== undefined) return [{ what: "throws", expected: undefined, seen: got.throws }];
  return [
    ...unequal("status", want.status, got.status),
    ...headerFailures({ expect: want }, got),
    ...bodyFailures({ expect: want }, got),
    ...("calls" in want ? unequal("calls", want.calls, got.calls) : []),
    ...("reported" in want ? unequal("reported", want.reported, got.reported) : []),
    ...("handlerRuns" in want ? unequal("handlerRuns", want.handlerRuns, got.handlerRuns) : []),
    ...sessionFailures({ expect: want }, got),
    ...Object.entries(want.ssr ?? {})
      .flatMap(([key, value]) => unequal(`ssr.${key}`, value, got.ssr?.[key])),
    ...pageFailures({ expect: want }, got),
  ];
}

type Expecting = Pick<InertiaCase, "expect">;

function headerFailures({ expect: want }: Expecting, got: Observation): readonly Failure[] {
  const wrong = Object.entries(want.headers ?? {}).filter(([name, value]) => {
    const seen = got.headers[name];
    return value.startsWith("^") ? !seen?.startsWith(value.slice(1)) : seen !== value;
  });
  const extra = (want.absentHeaders ?? []).filter((name) => got.headers[name] !== undefined);
  return [
    ...wrong.map(([name, value]) => failure(`header ${name}`, value, got.headers[name])),
    ...extra.map((name) => failure(`header ${name}`, "absent", got.headers[name])),
  ];
}

function bodyFailures({ expect: want }: Expecting, got: Observation): readonly Failure[] {
  const missing = (want.bodyContains ?? []).filter((text) => !got.body.includes(text));
  const extra = (want.bodyExcludes ?? []).filter((text) => got.body.includes(text));
  return [
    ...("body" in want ? unequal("body", want.body, got.body) : []),
    ...missing.map((text) => failure("body contains", text, got.body)),
    ...extra.map((text) => failure("body excludes", text, got.body)),
    ...("json" in want ? unequal("json", want.json, JSON.parse(got.body)) : []),
  ];
}

function sessionFailures({ expect: want }: Expecting, got: Observation): readonly Failure[] {
  if (want.session === undefined) return [];
  const keys = new Set([...Object.keys(want.session), "flash", "clearHistory", "preserveFragment"]);
  return [...keys].flatMap((key) =>
    unequal(`session.${key}`, want.session?.[key] ?? null, got.session?.[key] ?? null)
  );
}

function pageFailures({ expect: want }: Expecting, got: Observation): readonly Failure[] {
  if (want.page === undefined) return [];
  const page = want.ssr === undefined ? pageOf(got) : got.page;
  const extra = (want.absent ?? []).filter((path) => at(page, path) !== undefined);
  return [
    ...unequal("page", want.page, page),
    ...extra.map((path) => failure(`page.${path}`, "absent", at(page, path))),
  ];
}

function pageOf(got: Observation): unknown {
  const json = /<script data-page="[^"]*" type="application\/json"[^>]*>(.*?)<\/script>/s
    .exec(got.body)?.[1];
  return json === undefined ? got.page : JSON.parse(json);
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => (node as Fields | undefined)?.[key], value);
}

function unequal(what: string, expected: unknown, seen: unknown): readonly Failure[] {
  return equal(expected, seen) ? [] : [failure(what, expected, seen)];
}

function failure(what: string, expected: unknown, seen: unknown): Failure {
  return { what, expected, seen };
}

/** Deep equality: the order of keys is free, the order of arrays counts. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Object.is(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && equal((a as Fields)[key], (b as Fields)[key]));
}
