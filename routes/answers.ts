/**
 * The answers that no handler gives.
 *
 * @module
 */
import { issuesToErrors } from "../inertia/validation.ts";
import type { StandardIssue } from "../inertia/standard_schema.ts";

/** Which part of a request a schema refused. */
export type InputPart = "params" | "query" | "body";

/** One thing that is wrong with a request. */
export interface RouteIssue {
  /** In which part. */
  readonly in: InputPart;
  /** Where in it. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in words. */
  readonly message: string;
}

/** What is wrong with a request. */
export interface InvalidInput {
  /** The name of the route. */
  readonly name: string;
  /** Everything that is wrong. */
  readonly issues: readonly RouteIssue[];
  /** The messages by field, a path with dots; what is about the whole is under `_root`. */
  readonly errors: { readonly [field: string]: readonly string[] };
}

/** What a validator says of a part of a request. */
export interface PartIssues {
  readonly part: InputPart;
  readonly issues: readonly StandardIssue[];
}

/** Joins what the schemas of a route say. */
export function invalidInput(name: string, parts: readonly PartIssues[]): InvalidInput {
  return {
    name,
    issues: parts.flatMap(({ part, issues }) =>
      issues.map(({ message, path = [] }) => ({ in: part, path: path.map(pathStep), message }))
    ),
    errors: issuesToErrors(parts.flatMap(({ issues }) => issues)),
  };
}

function pathStep(step: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof step === "object" ? step.key : step;
  return typeof key === "symbol" ? String(key) : key;
}

/** 422: it is understood, and not what the route takes. */
export function invalidAnswer({ issues, errors }: InvalidInput): Response {
  return Response.json({ message: "The request is invalid", errors, issues }, { status: 422 });
}

const MESSAGES: { readonly [status: number]: string } = {
  400: "The body is malformed",
  404: "Not found",
  405: "Method not allowed",
  413: "The body is too large",
  415: "The type of the body is not supported",
  500: "Internal server error",
};

/** A refusal: a status, and no word that only the log should have. */
export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ message: MESSAGES[status] }, { status, headers });
}

/** The methods that a path answers, as `Allow` has them: with those that nobody has to name. */
export function allowOf(methods: readonly string[]): string {
  const all = new Set([...methods, ...methods.includes("GET") ? ["HEAD"] : [], "OPTIONS"]);
  return [...all].sort().join(", ");
}
