/**
 * The response that holds a page: JSON for the client, a document for a browser.
 *
 * @module
 */
import { documentParts } from "./document.ts";
import { ENGINE } from "./engine.ts";
import {
  INERTIA_REQUEST_HEADERS,
  INERTIA_RESPONSE_HEADERS as NAMES,
  PAGE_VARY,
} from "./headers.ts";
import type { Page } from "./page.ts";
import type { PageDraft } from "./page_draft.ts";
import { prefetchCacheControl } from "./prefetch_caching.ts";
import { isEmptyState } from "./session.ts";
import { mergeVary } from "./vary.ts";

const NEGOTIATED: readonly string[] = [INERTIA_REQUEST_HEADERS.inertia];

/** A page for the client. */
export function jsonResponse(draft: PageDraft, json: string): Response {
  const { prefetchCaching, status = 200, headers } = draft.options;
  const isPlain = headers === undefined && !prefetchCaching;
  return ENGINE.copiesHeaders && isPlain
    ? new Response(json, { status, headers: plainHeaders(draft) })
    : jsonWithFields(draft, json);
}

function jsonWithFields(draft: PageDraft, json: string): Response {
  const { prefetchCaching } = draft.options;
  const isKept = prefetchCaching && mayBeKept(draft);
  const response = pageResponse(draft, json, {
    type: "application/json",
    // A browser that keeps it shows it on the way back, as text.
    cacheControl: isKept ? prefetchCacheControl(prefetchCaching) : "no-store, private",
    vary: isKept ? PAGE_VARY : NEGOTIATED,
  });
  response.headers.set(NAMES.inertia, "true");
  return response;
}

/** The fields of pages for which nothing is said: they depend on the version alone. */
let plain: { readonly version: string; readonly headers: Headers } | undefined;

function plainHeaders(draft: PageDraft): Headers {
  const { version } = draft;
  if (plain?.version !== version) plain = { version, headers: jsonWithFields(draft, "").headers };
  return plain.headers;
}

/** A page for a browser: rendered on the server if that is wanted and works. */
export async function htmlResponse(draft: PageDraft, page: Page, json: string): Promise<Response> {
  const { settings, visit } = draft;
  const { request } = visit.ask;
  const nonce = typeof settings.nonce === "function" ? settings.nonce(request) : settings.nonce;
  const outcome = isRenderedHere(draft) ? await settings.ssr?.render(page, json, request) : {};
  const { rootId, legacyDataPage } = settings;
  const content = { page, json, rootId, legacyDataPage, rendered: undefined, ...outcome };
  const document = await settings.document(documentParts(content, nonce), request);
  const isText = typeof document === "string";
  const response = pageResponse(draft, isText ? document : document.html, {
    type: "text/html; charset=utf-8",
    cacheControl: "no-cache, private",
    vary: NEGOTIATED,
  });
  if (!isText) document.addFields(response.headers);
  return response;
}

/** Whether nobody said that this page is the browser's alone. */
function isRenderedHere({ options, visit }: PageDraft): boolean {
  return options.ssr ?? !visit.isSsrDisabled;
}

/** What is told once must not be kept, and so told again. */
function mayBeKept({ options, visit, state }: PageDraft): boolean {
  return visit.ask.isPrefetch && (options.status ?? 200) === 200 && isEmptyState(state);
}

interface PageFields {
  readonly type: string;
  readonly cacheControl: string;
  readonly vary: readonly string[];
}

/**
 * The user's fields, and ours: only how long an answer is kept is the user's to say.
 *
 * Ours are set afterwards: Deno copies the body at once if the response is made with more than one field.
 */
function pageResponse(
  { options: { status = 200, headers: more }, version }: PageDraft,
  body: string,
  { type, cacheControl, vary }: PageFields,
): Response {
  const response = new Response(body, more === undefined ? { status } : { status, headers: more });
  const { headers } = response;
  headers.set("content-type", type);
  if (more === undefined || !headers.has("cache-control")) {
    headers.set("cache-control", cacheControl);
  }
  headers.set("vary", more === undefined ? vary.join(", ") : mergeVary(headers.get("vary"), vary));
  headers.set(NAMES.version, version);
  return response;
}
