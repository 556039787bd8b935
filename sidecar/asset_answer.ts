/**
 * Responses with built files, or about them.
 *
 * @module
 */
import type { Representation, Verdict } from "./asset_conditions.ts";
import {
  ALLOWED_METHODS,
  assetFields,
  type DescribedAsset,
  etagOfStat,
  type FileStat,
  mediaTypeOf,
  modifiedOf,
  validatorFields,
} from "./asset_headers.ts";
import type { Asset, AssetVariant } from "./asset_map.ts";

/** All that is said about the bytes of a variant. */
export type AssetDescription = DescribedAsset & Representation;

/** Describes a variant by what the file system says of it. */
export function describeAsset(
  { path, isHashed, variants }: Asset,
  { coding }: AssetVariant,
  stat: FileStat,
  isShared: boolean,
): AssetDescription {
  return {
    mediaType: mediaTypeOf(path),
    etag: etagOfStat(stat, isHashed ? path : undefined, coding),
    modified: modifiedOf(stat),
    size: stat.size,
    isHashed,
    coding,
    isNegotiated: variants.length > 1,
    isShared,
  };
}

/** A 200. Both listeners leave the body out of the answer to a HEAD, and keep the length. */
export function wholeResponse(description: AssetDescription, body: BodyInit | null): Response {
  return new Response(body, { headers: lengthened(description, description.size) });
}

/**
 * A 206.
 *
 * @param body Just those bytes.
 */
export function partResponse(
  { first, last }: Verdict & { readonly kind: "part" },
  description: AssetDescription,
  body: BodyInit,
): Response {
  const headers = {
    ...lengthened(description, last + 1 - first),
    "content-range": `bytes ${first}-${last}/${description.size}`,
  };
  return new Response(body, { status: 206, headers });
}

/** An answer without anything of the file. */
export function bodilessResponse(
  verdict: Exclude<Verdict, { readonly kind: "whole" | "part" }>,
  description: AssetDescription,
): Response {
  switch (verdict.kind) {
    case "not-modified":
      return new Response(null, {
        status: 304,
        headers: Object.fromEntries(validatorFields(description)),
      });
    case "failed":
      return textResponse("Precondition Failed\n", 412);
    case "unsatisfiable":
      return textResponse("Range Not Satisfiable\n", 416, {
        "content-range": `bytes */${description.size}`,
      });
  }
}

function lengthened(description: AssetDescription, length: number): Record<string, string> {
  return {
    ...Object.fromEntries(assetFields(description)),
    "content-length": String(length),
  };
}

/** A 404 that nobody keeps: the file may be there after the next deploy. */
export function notFoundResponse(): Response {
  return textResponse("Not Found\n", 404);
}

/** A 405. */
export function notAllowedResponse(): Response {
  return textResponse("Method Not Allowed\n", 405, { allow: ALLOWED_METHODS });
}

/** A 503 for a file that is there, only not now. */
export function unavailableResponse(): Response {
  return textResponse("Service Unavailable\n", 503, { "retry-after": "1" });
}

function textResponse(text: string, status: number, more: Record<string, string> = {}): Response {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    ...more,
  };
  return new Response(text, { status, headers });
}
