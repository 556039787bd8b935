/**
 * Header fields on their way through a proxy: what ends here, what is forwarded, what is added.
 *
 * @module
 */
import type { Field } from "./http1.ts";
import { isLoopbackAddress } from "./host.ts";

/** Fields of one connection, not of the message (RFC 9110 §7.6.1), and the framing, which is made anew. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  // Answered by the listener: neither runtime can wait for the upstream's 100.
  "expect",
  "content-length",
]);

/** What `Connection` may not name away: without these, the message would mean something else. */
const PROTECTED = new Set([
  "host",
  "authorization",
  "cookie",
  "content-type",
  "content-encoding",
  "origin",
  "cache-control",
]);

/** Set by us alone, or by a proxy that is trusted. */
const FORWARDED = new Set([
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-prefix",
  "x-forwarded-server",
  "x-real-ip",
]);

/** What we know of the client. */
export interface ClientInfo {
  /** The peer's address; `undefined` where the listener does not tell. */
  readonly remoteAddress: string | undefined;
  /** The authority that the client named. */
  readonly host: string;
  /** `http` or `https`, as the client speaks to us. */
  readonly scheme: string;
  /** Whether the peer's own `X-Forwarded-*` are believed. */
  readonly isTrusted: boolean;
}

/**
 * The end-to-end fields of a request for Vite: as they came, `Host` and `Origin` included, which Vite checks.
 *
 * @param headers In lower case, as a `Headers` iterates.
 * @param without Names to leave out.
 */
export function viteRequestFields(
  headers: Iterable<Field>,
  host: string,
  without?: ReadonlySet<string>,
): Field[] {
  const fields: Field[] = [["host", host]];
  const named = new Set<string>();
  for (const field of headers) {
    const name = field[0];
    if (name === "host" || HOP_BY_HOP.has(name)) {
      if (name === "connection") addNamed(named, field[1]);
    } else if (!name.includes("_") && without?.has(name) !== true) {
      fields.push(field);
    }
  }
  return named.size === 0 ? fields : fields.filter(([name]) => !named.has(name));
}

/**
 * The end-to-end fields of a request for the app's backend, with `X-Forwarded-*` that say who asked for what.
 *
 * A client's own `X-Forwarded-*` are dropped, unless it is a trusted proxy; then we add ourselves to them.
 */
export function backendRequestFields(headers: Iterable<Field>, client: ClientInfo): Field[] {
  const given = new Map<string, string>();
  const rest: Field[] = [];
  for (const field of viteRequestFields(headers, client.host)) {
    if (!FORWARDED.has(field[0])) rest.push(field);
    else if (client.isTrusted) given.set(field[0], field[1]);
  }
  return [...rest, ...forwardedFields(given, client)];
}

function forwardedFields(given: ReadonlyMap<string, string>, client: ClientInfo): Field[] {
  const before = given.get("x-forwarded-for");
  const address = client.remoteAddress;
  const chain = [before, address].filter((part) => part !== undefined && part !== "").join(", ");
  const fields: Field[] = [
    ["x-forwarded-proto", given.get("x-forwarded-proto") ?? client.scheme],
    ["x-forwarded-host", given.get("x-forwarded-host") ?? client.host],
  ];
  if (chain !== "") fields.push(["x-forwarded-for", chain]);
  for (const name of ["x-forwarded-port", "x-forwarded-prefix", "x-real-ip", "forwarded"]) {
    const value = given.get(name);
    if (value !== undefined) fields.push([name, value]);
  }
  return fields;
}

function addNamed(named: Set<string>, connection: string): void {
  for (const token of connection.split(",")) {
    const name = token.trim().toLowerCase();
    if (name !== "" && !PROTECTED.has(name)) named.add(name);
  }
}

/** What {@linkcode responseFields} needs beside the fields. */
export interface ResponseContext {
  /** The upstream's own origin, for example `http://127.0.0.1:8001`: a redirect to it stays on our port. */
  readonly upstreamOrigin: string;
}

/**
 * The end-to-end fields of an upstream's response.
 *
 * `Content-Length` stays: it describes the body of a HEAD too, and the listeners frame by it.
 */
export function responseFields(fields: readonly Field[], context: ResponseContext): Field[] {
  const kept: Field[] = [];
  const named = new Set<string>();
  for (const field of fields) {
    const [name, value] = field;
    if (name === "connection") addNamed(named, value);
    else if (name === "content-length" || !HOP_BY_HOP.has(name)) {
      kept.push(name === "location" ? ["location", ownLocation(value, context)] : field);
    }
  }
  return named.size === 0 ? kept : kept.filter(([name]) => !named.has(name));
}

/** Case: "http://127.0.0.1:8001/login" from that upstream -> "/login"; any other place stays as it is. */
function ownLocation(location: string, { upstreamOrigin }: ResponseContext): string {
  if (!/^https?:/i.test(location)) return location;
  // Case: "http://127.0.0.1:80" is also "http://127.0.0.1"
  const short = upstreamOrigin.replace(/^(http:.*):80$|^(https:.*):443$/, "$1$2");
  return behind(upstreamOrigin, location) ?? behind(short, location) ?? location;
}

/** The path of a location at an origin; `undefined` if it is at another one. */
function behind(origin: string, location: string): string | undefined {
  if (!location.startsWith(origin)) return undefined;
  const rest = location.slice(origin.length);
  // Browsers read a path that begins with "//", "/\" or "/<tab>/" as another host.
  if (rest.startsWith("/")) return /^\/[/\\\t]/.test(rest) ? undefined : rest;
  return rest === "" || rest.startsWith("?") || rest.startsWith("#") ? `/${rest}` : undefined;
}

/** The length that a request announces: a number, `chunked`, or none. */
export function announcedLength(
  contentLength: string | null,
  transferEncoding: string | null,
): number | "chunked" | undefined | "invalid" {
  if (transferEncoding !== null) {
    // Both runtimes let some spellings through that another server would read differently.
    return transferEncoding.toLowerCase() === "chunked" && contentLength === null
      ? "chunked"
      : "invalid";
  }
  if (contentLength === null) return undefined;
  return /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : "invalid";
}

/**
 * Whether an address is in a list of trusted proxies.
 *
 * @param trusted Addresses, or ranges such as `10.0.0.0/8` and `fd00::/8`; `*` trusts everybody, `loopback` this
 *   machine. What is none of these trusts nobody.
 */
export function isTrustedProxy(
  address: string | undefined,
  trusted: readonly string[],
): boolean {
  if (address === undefined || trusted.length === 0) return false;
  const bits = addressBits(address);
  if (bits === undefined) return false;
  return trusted.some((entry) => {
    if (entry === "*") return true;
    return entry === "loopback" ? isLoopbackAddress(address) : isInRange(bits, entry);
  });
}

interface AddressBits {
  readonly value: bigint;
  readonly width: 32 | 128;
}

function isInRange(address: AddressBits, range: string): boolean {
  // Case: "10.0.0.1" is the range of that address alone
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range);
  const base = addressBits(match?.[1] ?? "");
  if (base === undefined || base.width !== address.width) return false;
  const length = Number(match?.[2] ?? base.width);
  if (length > base.width) return false;
  const shift = BigInt(base.width - length);
  return address.value >> shift === base.value >> shift;
}

function addressBits(text: string): AddressBits | undefined {
  const address = text.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!address.includes(":")) return ipv4Bits(address);
  if (!URL.canParse(`http://[${address}]/`)) return undefined;
  const [head = "", tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  const groups = [...left, ...zeros, ...right];
  return {
    value: groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n),
    width: 128,
  };
}

function ipv4Bits(address: string): AddressBits | undefined {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return { value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n), width: 32 };
}
