/**
 * Messages as they are on the wire between a browser, the front and Vite.
 *
 * @module
 */
import { type Field, renderRequestHead } from "../../sidecar/http1.ts";

/** What Chromium says when it asks for a module. */
export const BROWSER_FIELDS: readonly Field[] = [
  ["host", "127.0.0.1:8000"],
  ["connection", "keep-alive"],
  ["sec-ch-ua-platform", '"Linux"'],
  ["origin", "http://127.0.0.1:8000"],
  [
    "user-agent",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
  ],
  ["sec-ch-ua", '"Chromium";v="147", "Not.A/Brand";v="24"'],
  ["sec-ch-ua-mobile", "?0"],
  ["accept", "*/*"],
  ["sec-fetch-site", "same-origin"],
  ["sec-fetch-mode", "cors"],
  ["sec-fetch-dest", "script"],
  ["referer", "http://127.0.0.1:8000/src/main.tsx"],
  ["accept-encoding", "gzip, deflate, br, zstd"],
  ["accept-language", "en-GB,en;q=0.9"],
];

/** What Vite says with a module. */
export const VITE_RESPONSE_FIELDS: readonly Field[] = [
  ["Vary", "Origin"],
  ["Content-Type", "text/javascript"],
  ["Cache-Control", "no-cache"],
  ["Etag", 'W/"669-nBBSbwc6dBDWNlPIlQzSbT1HzxA"'],
  ["Date", "Fri, 20 Nov 2026 08:00:00 GMT"],
  ["Connection", "keep-alive"],
  ["Keep-Alive", "timeout=120"],
  ["Content-Length", "1641"],
];

/** A response as it arrives: its head, and the body behind it. */
export function renderViteResponse(): Uint8Array {
  const fields = VITE_RESPONSE_FIELDS.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const text = `HTTP/1.1 200 OK\r\n${fields}\r\n${"x".repeat(1641)}`;
  return new TextEncoder().encode(text);
}

/** A request as it leaves. */
export function renderModuleRequest(): Uint8Array {
  return renderRequestHead("GET", "/src/main.tsx?t=1712345678901", BROWSER_FIELDS);
}
