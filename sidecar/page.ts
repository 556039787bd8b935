/**
 * A page from Vite, with what the app wants to say put into it.
 *
 * @module
 */
import { type MadePage, pageFields } from "./page_maker.ts";
import type { UpstreamResponse } from "./upstream.ts";

/** Fields taken out of a request for a page: what is injected changes with each, and it must come uncoded. */
export const PAGE_REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "if-none-match",
  "if-modified-since",
  "range",
]);

/** Larger documents are not read whole; nobody writes one by hand. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

const UTF8_REGEXP = /^text\/html(?:\s*;\s*charset=["']?utf-?8["']?)?\s*$/i;

/** Whether an answer is an HTML document. */
export function isPage({ status, fields }: Pick<UpstreamResponse, "status" | "fields">): boolean {
  return status === 200 && fields.some(([name, value]) => name === "content-type" && isHtml(value));
}

function isHtml(contentType: string): boolean {
  return /^text\/html\b/i.test(contentType);
}

/** Whether we can read the document: UTF-8, not coded, of a bearable size. */
function isReadable({ fields }: UpstreamResponse): boolean {
  return fields.every(([name, value]) => {
    if (name === "content-type") return UTF8_REGEXP.test(value);
    if (name === "content-encoding") return value.toLowerCase() === "identity";
    return name !== "content-length" || Number(value) <= MAX_PAGE_BYTES;
  });
}

/** Fields that describe the bytes of the body, which are others now. */
const BODY_FIELDS = new Set(["content-length", "etag", "last-modified", "content-md5", "digest"]);

/**
 * Reads the document of an answer.
 *
 * @param answer A page; see {@linkcode isPage}.
 * @returns Its text; `undefined` if it is not UTF-8, coded or huge, and the answer stays as it is. Empty for a HEAD.
 */
export async function readPage(answer: UpstreamResponse): Promise<string | undefined> {
  if (!isReadable(answer)) return undefined;
  return answer.body === null ? "" : await readText(answer.body);
}

/**
 * Puts another document into an answer.
 *
 * @param method Of the request; a HEAD has no body to change, and must not tell the length of another one.
 */
export function withPage(
  answer: UpstreamResponse,
  page: MadePage,
  method: string,
): UpstreamResponse {
  const own = pageFields(page);
  const replaced = new Set(own.map(([name]) => name));
  const kept = answer.fields.filter(([name]) => !BODY_FIELDS.has(name) && !replaced.has(name));
  const body = method === "HEAD" ? null : new TextEncoder().encode(page.html);
  return { ...answer, fields: [...kept, ...own], body };
}

async function readText(body: Uint8Array | ReadableStream<Uint8Array>): Promise<string> {
  // Pages come over loopback from our own Vite; the limit on Content-Length holds for the rest.
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}
