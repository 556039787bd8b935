/**
 * Questions about the address that a server listens on.
 *
 * @module
 */
import { isIP } from "node:net";

/** One label of a name: letters, digits, hyphens and underscores, not a hyphen first or last. */
const LABEL_REGEXP = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/** Whether a text is a name as DNS has them. Only the syntax is looked at. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && text.split(".").every((label) => LABEL_REGEXP.test(label));
}

/** Removes the brackets that an IPv6 address has in a URL. */
export function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/**
 * Whether only this machine reaches a server that listens there.
 *
 * Short forms such as `127.1` count as remote: what a resolver makes of them differs.
 *
 * @param host A name, or an address without brackets.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  if (isIP(name) === 4) return name.startsWith("127.");
  if (isIP(name) === 6) return canonicalIpv6(name) === "::1";
  return name === "localhost" || name.endsWith(".localhost");
}

/** The shortest form of an IPv6 address, so that `0:0:0:0:0:0:0:1` is `::1`. */
function canonicalIpv6(address: string): string {
  // A zone (`fe80::1%eth0`) is no part of a URL, and loopback has none.
  if (address.includes("%")) return address;
  return withoutBrackets(new URL(`http://[${address}]`).hostname);
}
