/**
 * Escapes text for HTML.
 *
 * @module
 */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // Old browsers took it for a quote (html5sec.org #59).
  "`": "&#96;",
};

/** Escapes text to stand between tags. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, escapeCharacter);
}

/** Escapes text to stand in an attribute's value, between quotes of either kind. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"'`]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? character;
}
