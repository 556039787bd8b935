/**
 * What is to be done with the answer of a handler.
 *
 * @module
 */
import { isSameOrigin } from "./request_url.ts";

/** What decides. */
export interface AnswerFacts {
  /** Whether the client of the protocol asks. */
  readonly isInertia: boolean;
  /** Whether it asks ahead of the user. */
  readonly isPrefetch: boolean;
  /** The version of the protocol that the client speaks. */
  readonly protocol: 2 | 3;
  /** The method of the request. */
  readonly method: string;
  /** Our origin. */
  readonly origin: string;
  /** The status of the answer. */
  readonly status: number;
  /** Its `Location`, if it has one. */
  readonly location: string | null;
}

/** What is to be done: nothing, another status, or a 409 that says where to go. */
export type AnswerRule =
  | { readonly kind: "pass" }
  | { readonly kind: "status"; readonly status: number }
  /** With a new document. */
  | { readonly kind: "location"; readonly url: string }
  /** With another visit. */
  | { readonly kind: "redirect"; readonly url: string };

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** After these the browser would repeat the method on a 302. */
const REPEATED_METHODS: readonly string[] = ["PUT", "PATCH", "DELETE"];

const PASS: AnswerRule = { kind: "pass" };

/** Whether an answer sends the client somewhere else. */
export function isRedirect(status: number, location: string | null): location is string {
  return location !== null && REDIRECTS.includes(status);
}

/** Decides about an answer. */
export function answerRule(facts: AnswerFacts): AnswerRule {
  const { status, location, origin } = facts;
  if (!facts.isInertia || !isRedirect(status, location)) return PASS;
  // XMLHttpRequest would follow it, and CORS would hide the answer.
  if (status < 304 && leaves(location, origin)) return { kind: "location", url: location };
  // XMLHttpRequest follows it, too, and loses the fragment. Version 2 of the client does not know the field.
  if (location.includes("#") && !facts.isPrefetch && facts.protocol === 3) {
    return { kind: "redirect", url: location };
  }
  const isRepeated = (status === 301 || status === 302) && REPEATED_METHODS.includes(facts.method);
  return isRepeated ? { kind: "status", status: 303 } : PASS;
}

function leaves(location: string, origin: string): boolean {
  return URL.canParse(location, `${origin}/`) && !isSameOrigin(location, origin);
}

/** The status of a redirect to a GET: 303 where a 302 would repeat the method. */
export function redirectStatus(method: string): 302 | 303 {
  return REPEATED_METHODS.includes(method) ? 303 : 302;
}
