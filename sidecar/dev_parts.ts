/**
 * What is different about an app's page while it is being written: styles come from our own port, and errors are shown.
 *
 * @module
 */
import type { PageParts } from "./page_tool.ts";
import { scriptJson } from "./script_json.ts";

/** Case: `<link … href="http://localhost:5173/src/app.css" data-vite-dev-id="…">` -> its path */
const STYLE_REGEXP =
  /(<link(?: nonce="[^"]*")? rel="stylesheet" href=")https?:\/\/[^/"]*(\/[^"]*" data-vite-dev-id=)/g;

/**
 * Makes the parts of a page in development.
 *
 * `@inertiajs/vite` names an origin for styles, which Vite, behind our port, can only guess: it may be blocked, or
 * nobody's.
 *
 * @param base Vite's dev base, for its client, which shows the error.
 */
export function devParts(parts: PageParts, base: string): PageParts {
  const pieces = (nonce: string | undefined): { readonly head: string; readonly body: string } => {
    const { head, body } = nonce === undefined ? parts : parts.withNonce(nonce);
    return { head: head.replace(STYLE_REGEXP, "$1$2") + overlay(parts.error, base, nonce), body };
  };
  return { ...pieces(undefined), rootId: parts.rootId, withNonce: pieces };
}

/** Shows the error as Vite shows its own: the page works, but not as it is going to in production. */
function overlay(error: unknown, base: string, nonce: string | undefined): string {
  if (error === undefined) return "";
  const attribute = nonce === undefined ? "" : ` nonce="${nonce}"`;
  const client = scriptJson(`${base}@vite/client`);
  return `<script type="module"${attribute}>import(${client}).then(({ ErrorOverlay }) => ` +
    `document.body.append(new ErrorOverlay(${scriptJson(described(error))})));</script>`;
}

function described(error: unknown): Record<string, string> {
  const message = error instanceof Error ? error.message : String(error);
  // Of an error of the page: where it was thrown, and not where we were told of it.
  const details = error instanceof Error && "details" in error ? error.details : undefined;
  const stack = typeof details === "object" && details !== null && "stack" in details
    ? details.stack
    : undefined;
  return { message, stack: typeof stack === "string" ? stack : "", plugin: "inertia: ssr" };
}
