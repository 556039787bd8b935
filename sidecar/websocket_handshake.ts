/**
 * The opening handshake of WebSockets: the browser's request checked, ours to the upstream, and its answer checked
 * (RFC 6455 §4).
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type Field, renderRequestHead, type ResponseHead, valuesOf } from "./http1.ts";

/** What we ask the upstream for. */
export interface UpgradeRequest {
  /** Path and query, exactly as they go over the wire. */
  readonly requestTarget: string;
  /** End-to-end header fields, `host` included; what belongs to the handshake is replaced. */
  readonly headers: readonly Field[];
  /** The subprotocols that the browser offers, in its order. */
  readonly protocols: readonly string[];
  /** Sixteen random bytes in base64. */
  readonly key: string;
}

/** What the upstream's answer means. */
export type UpgradeAnswer =
  /** It agrees. */
  | { readonly kind: "accepted"; readonly protocol: string | undefined }
  /** It answered as a web server: its status is for the browser. */
  | { readonly kind: "refused" }
  /** It says "101" and does not mean this handshake. */
  | { readonly kind: "invalid"; readonly reason: string };

/** Why a browser's request can't become a WebSocket. */
export interface UpgradeProblem {
  readonly status: 400 | 405 | 426;
  readonly reason: string;
}

/** RFC 6455 §1.3. */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Sixteen bytes in base64; the last digit carries four bits of nothing. */
const KEY_REGEXP = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
/** Of the handshake or of this connection alone; none of them goes on as it came. */
const OWN_HEADER_REGEXP =
  /^(?:connection|upgrade|sec-websocket-.*|content-length|transfer-encoding|expect|keep-alive|te|trailer|proxy-connection)$/i;

/**
 * Checks what the runtimes do not: Deno takes any version and any key (and throws without one), and both a body.
 *
 * @param method The request's method.
 * @param headers The request's header fields.
 * @returns What is wrong, or `undefined`.
 */
export function findUpgradeProblem(method: string, headers: Headers): UpgradeProblem | undefined {
  if (method !== "GET") return { status: 405, reason: "the method is not GET" };
  if (headers.get("sec-websocket-version") !== "13") {
    return { status: 426, reason: "the version is not 13" };
  }
  if (!KEY_REGEXP.test(headers.get("sec-websocket-key") ?? "")) {
    return { status: 400, reason: "the key is not 16 bytes in base64" };
  }
  // A body would be read as frames by one program and as a request by another.
  if (headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0") {
    return { status: 400, reason: "the request has a body" };
  }
  return undefined;
}

/**
 * Renders our request to the upstream.
 *
 * Extensions are not offered: a compressed message would have to be inflated here, and that is where bombs go off.
 *
 * @throws {TypeError} If a field could break out of its line.
 */
export function renderUpgradeRequest(
  { requestTarget, headers, protocols, key }: UpgradeRequest,
): Uint8Array<ArrayBuffer> {
  const fields: Field[] = headers.filter(([name]) => !OWN_HEADER_REGEXP.test(name));
  fields.push(
    ["connection", "Upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", key],
  );
  if (protocols.length > 0) fields.push(["sec-websocket-protocol", protocols.join(", ")]);
  return renderRequestHead("GET", requestTarget, fields);
}

/** The `Sec-WebSocket-Accept` that proves that a server understood this key. */
export function acceptFor(key: string): string {
  return createHash("sha1").update(key + ACCEPT_SUFFIX).digest("base64");
}

/** Checks the upstream's answer to {@linkcode renderUpgradeRequest}. */
export function checkUpgradeAnswer(
  head: ResponseHead,
  { key, protocols }: Pick<UpgradeRequest, "key" | "protocols">,
): UpgradeAnswer {
  if (head.status !== 101) return { kind: "refused" };
  const { fields } = head;
  if (!listOf(fields, "upgrade").some((name) => name.toLowerCase() === "websocket")) {
    return invalid("it does not upgrade to websocket");
  }
  if (!listOf(fields, "connection").some((name) => name.toLowerCase() === "upgrade")) {
    return invalid("its Connection does not say Upgrade");
  }
  if (valuesOf(fields, "sec-websocket-accept").join() !== acceptFor(key)) {
    return invalid("its Sec-WebSocket-Accept is not for our key");
  }
  if (listOf(fields, "sec-websocket-extensions").length > 0) {
    return invalid("it uses an extension that was not offered");
  }
  return checkProtocol(valuesOf(fields, "sec-websocket-protocol"), protocols);
}

/** Exactly one of those offered, in the same case, or none at all; then the browser judges. */
function checkProtocol(answered: readonly string[], offered: readonly string[]): UpgradeAnswer {
  const [protocol] = answered;
  if (protocol === undefined) return { kind: "accepted", protocol: undefined };
  if (answered.length > 1 || !offered.includes(protocol)) {
    return invalid("its subprotocol was not offered");
  }
  return { kind: "accepted", protocol };
}

function invalid(reason: string): UpgradeAnswer {
  return { kind: "invalid", reason };
}

/** The members of a comma-separated field. */
function listOf(fields: readonly Field[], name: string): string[] {
  return valuesOf(fields, name).flatMap((value) => splitList(value));
}

function splitList(value: string): string[] {
  return value.split(",").map((member) => member.trim()).filter((member) => member !== "");
}

/**
 * Parses the subprotocols that a browser offers.
 *
 * @param value The value of `Sec-WebSocket-Protocol`, several fields joined by commas; `null` without one.
 */
export function parseProtocols(value: string | null): string[] {
  // Case: "vite-hmr" -> ["vite-hmr"]; "a,b, c" -> ["a", "b", "c"]; null -> []
  return splitList(value ?? "");
}

/** Of an upstream's refusal, the fields that a browser may have: not those of the connection or the framing. */
export function refusalHeaders(fields: readonly Field[]): Field[] {
  const listed = new Set(listOf(fields, "connection").map((name) => name.toLowerCase()));
  return fields.filter(([name]) => !OWN_HEADER_REGEXP.test(name) && !listed.has(name));
}
