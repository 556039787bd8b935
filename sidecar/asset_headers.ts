/**
 * The fields that go with a built file: its type, its validators, and how long it may be kept.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ContentCoding } from "./content_coding.ts";
import { renderHttpDate } from "./http_date.ts";

/** The methods that a file answers to, as `Allow` lists them. */
export const ALLOWED_METHODS = "GET, HEAD";

/** Whose name changes with its content never changes. One year is as long as a cache believes (RFC 9111). */
const IMMUTABLE = "public, max-age=31536000, immutable";
/** Kept, but asked for each time. */
const REVALIDATED = "no-cache";

/** Text without its charset; JSON has none (RFC 8259 §11). */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  apng: "image/apng",
  avif: "image/avif",
  bmp: "image/bmp",
  cjs: "text/javascript",
  css: "text/css",
  csv: "text/csv",
  eot: "application/vnd.ms-fontobject",
  flac: "audio/flac",
  geojson: "application/geo+json",
  gif: "image/gif",
  glb: "model/gltf-binary",
  gltf: "model/gltf+json",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/x-icon",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  jsonld: "application/ld+json",
  jxl: "image/jxl",
  m4a: "audio/mp4",
  m4v: "video/mp4",
  map: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  ogv: "video/ogg",
  opus: "audio/ogg",
  otf: "font/otf",
  pdf: "application/pdf",
  png: "image/png",
  rss: "application/rss+xml",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  ttf: "font/ttf",
  txt: "text/plain",
  vtt: "text/vtt",
  wasm: "application/wasm",
  wav: "audio/wav",
  weba: "audio/webm",
  webm: "video/webm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xhtml: "application/xhtml+xml",
  xml: "application/xml",
  zip: "application/zip",
};

/** Bytes of which nothing is known: with `nosniff`, a browser offers them for download. */
const UNKNOWN_TYPE = "application/octet-stream";

/**
 * The media type of a file by its name.
 *
 * Case: "a/Index.JS" -> "text/javascript; charset=utf-8"; "a/data" -> "application/octet-stream"
 */
export function mediaTypeOf(path: string): string {
  // Apple asks for JSON under a name without an extension.
  if (path.endsWith("/apple-app-site-association")) return "application/json";
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  if (!Object.hasOwn(MEDIA_TYPES, extension)) return UNKNOWN_TYPE;
  const type = MEDIA_TYPES[extension] ?? UNKNOWN_TYPE;
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** A strong validator of bytes that are at hand: the same on every machine that serves them. */
export function etagOfBytes(bytes: Uint8Array): string {
  return `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
}

/** What the file system knows of a file. */
export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * A strong validator of a file that is too large to be read for it.
 *
 * @param hashedPath Its path if it has a hash of the content in its name: then machines agree on it.
 * @param coding What it is coded with: the bytes of a coding are others, so its validator must be.
 */
export function etagOfStat(
  { size, mtimeMs }: FileStat,
  hashedPath: string | undefined,
  coding: ContentCoding | undefined,
): string {
  const name = hashedPath === undefined
    ? Math.floor(mtimeMs).toString(16)
    : createHash("sha256").update(hashedPath).digest("base64url").slice(0, 16);
  return `"${name}-${size.toString(16)}${coding === undefined ? "" : `-${coding}`}"`;
}

/** 2000-01-01. Images for containers set every date to one constant, which would say "unchanged" after a deploy. */
const FIRST_BELIEVED_DATE = 946_684_800;

/** When a file was changed, in seconds; `undefined` where the date is one that nobody set by a change. */
export function modifiedOf({ mtimeMs }: FileStat): number | undefined {
  const seconds = Math.floor(mtimeMs / 1000);
  return seconds < FIRST_BELIEVED_DATE ? undefined : seconds;
}

/** What {@linkcode assetFields} writes about. */
export interface DescribedAsset {
  readonly mediaType: string;
  readonly etag: string;
  readonly modified: number | undefined;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
  /** What these bytes are coded with. */
  readonly coding: ContentCoding | undefined;
  /** Whether other clients get other bytes under this name. */
  readonly isNegotiated: boolean;
  /** Whether pages of other origins load it: a CDN fetches it from us and passes our fields on. @default false */
  readonly isShared?: boolean;
}

/** A header field; the name in lower case. */
type Field = readonly [name: string, value: string];

/** The fields of a 200 or 206, without those of the length. */
export function assetFields(asset: DescribedAsset): Field[] {
  const fields: Field[] = [["content-type", asset.mediaType], ...validatorFields(asset)];
  if (asset.coding !== undefined) fields.push(["content-encoding", asset.coding]);
  fields.push(["accept-ranges", "bytes"], ["x-content-type-options", "nosniff"]);
  return fields;
}

/** The fields that a 304 and a 412 repeat (RFC 9110 §15.4.5). */
export function validatorFields(asset: DescribedAsset): Field[] {
  const fields: Field[] = [
    ["cache-control", asset.isHashed ? IMMUTABLE : REVALIDATED],
    ["etag", asset.etag],
  ];
  if (asset.modified !== undefined) fields.push(["last-modified", renderHttpDate(asset.modified)]);
  if (asset.isNegotiated) fields.push(["vary", "Accept-Encoding"]);
  // For everybody, not for the one who asks: modules and fonts are loaded with CORS, and a CDN keeps one answer.
  if (asset.isShared === true) fields.push(["access-control-allow-origin", "*"]);
  return fields;
}
