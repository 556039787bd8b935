/**
 * Content codings: which one a client gets, and what is worth to be coded (RFC 9110 §8.4, §12.5.3).
 *
 * @module
 */

/** A coding in which a file may lie beside itself. */
export type ContentCoding = "br" | "zstd" | "gzip";

/** The codings, with the extensions of the files that hold them. */
export const CODING_EXTENSIONS: Readonly<Record<ContentCoding, string>> = {
  br: ".br",
  zstd: ".zst",
  gzip: ".gz",
};

const CODINGS: readonly ContentCoding[] = ["br", "zstd", "gzip"];

/** How much a client wants each coding: 0 is not at all, 1 is most. */
export type CodingWeights = Readonly<Record<ContentCoding | "identity", number>>;

/** What may be sent though nobody named it: less wanted than anything that was named. */
const UNNAMED = 0.0001;
/** Without the field, anything may be sent; the plain file is what everybody reads. */
const PLAIN: CodingWeights = { br: 0, zstd: 0, gzip: 0, identity: 1 };
/** Far above what a browser sends; longer ones are somebody's attempt to keep us busy. */
const MAX_LENGTH = 512;
// Case: "gzip", "br;q=0.5", "*; Q=0", "deflate;q=1.000"
const ELEMENT_REGEXP = /^([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*;[ \t]*q=([01](?:\.\d{0,3})?))?$/i;

/** Reads an `Accept-Encoding`; an element that is malformed wants nothing. */
export function parseAcceptEncoding(value: string | null): CodingWeights {
  if (value === null || value.length > MAX_LENGTH) return PLAIN;
  const named = new Map<string, number>();
  for (const element of value.split(",")) {
    const match = ELEMENT_REGEXP.exec(element.trim());
    const weight = Math.min(Number(match?.[2] ?? 1), 1);
    // Case: "x-gzip" is an old name of "gzip"
    if (match !== null) {
      named.set((match[1] ?? "").toLowerCase().replace(/^x-gzip$/, "gzip"), weight);
    }
  }
  const others = named.get("*");
  const weightOf = (coding: string): number => named.get(coding) ?? others ?? 0;
  return {
    br: weightOf("br"),
    zstd: weightOf("zstd"),
    gzip: weightOf("gzip"),
    identity: named.get("identity") ?? others ?? UNNAMED,
  };
}

/** Something that can be sent: a file, or one of its codings. */
export interface Offer {
  /** `undefined` is the file as it is. */
  readonly coding: ContentCoding | undefined;
  readonly size: number;
}

/**
 * Chooses what a client wants most; of equals the smallest.
 *
 * A client that wants nothing of all this gets the first offer: a file that it may be able to read is better than a
 * 406 that it can't.
 *
 * @param offers The plain file first.
 */
export function chooseOffer<T extends Offer>(
  weights: CodingWeights,
  offers: readonly [T, ...T[]],
): T {
  let best = offers[0];
  let weight = weights.identity;
  for (const offer of offers) {
    const wanted = weights[offer.coding ?? "identity"];
    if (wanted > weight || (wanted === weight && wanted > 0 && offer.size < best.size)) {
      best = offer;
      weight = wanted;
    }
  }
  return best;
}

/**
 * Splits the name of a coded file.
 *
 * Case: "app.js.br" -> ["app.js", "br"]; "app.js" -> undefined
 */
export function splitCodedPath(path: string): readonly [string, ContentCoding] | undefined {
  for (const coding of CODINGS) {
    const extension = CODING_EXTENSIONS[coding];
    if (path.endsWith(extension)) return [path.slice(0, -extension.length), coding];
  }
  return undefined;
}

/** Below one TCP segment there is nothing to win. */
const MIN_CODED_BYTES = 1024;
/** Held in memory while it is coded, several at a time. */
const MAX_CODED_BYTES = 64 * 1024 * 1024;
/** How much smaller the coded file has to be: a client pays for its decoding. */
const MIN_SAVED_PART = 0.05;
const COMPRESSIBLE_REGEXP =
  /^(?:text\/|application\/(?:json|manifest\+json|xml|wasm|xhtml\+xml|rtf|.+\+(?:json|xml)$|vnd\.ms-fontobject)|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:ttf|otf))/;

/** Whether it is worth a try to code a file of this type and size. */
export function isWorthCoding(mediaType: string, size: number): boolean {
  return size >= MIN_CODED_BYTES && size <= MAX_CODED_BYTES && COMPRESSIBLE_REGEXP.test(mediaType);
}

/** Whether the coded file is small enough to be kept. */
export function isPaying(size: number, codedSize: number): boolean {
  return codedSize <= size * (1 - MIN_SAVED_PART);
}
