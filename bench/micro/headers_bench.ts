/**
 * Header fields on their way through the front.
 *
 * @module
 */
import {
  backendRequestFields,
  isTrustedProxy,
  responseFields,
  viteRequestFields,
} from "../../sidecar/proxy_headers.ts";
import type { Field } from "../../sidecar/http1.ts";
import { BROWSER_FIELDS, VITE_RESPONSE_FIELDS } from "./messages.ts";

// An array, not `Headers`: what those cost depends on who made them (2.7 µs as Deno.serve gives them, 17 µs as new).
const HEADERS = BROWSER_FIELDS;
const CLIENT = {
  remoteAddress: "127.0.0.1",
  host: "127.0.0.1:8000",
  scheme: "http",
  isTrusted: false,
};
const LOWER: readonly Field[] = VITE_RESPONSE_FIELDS.map(([name, value]) => [
  name.toLowerCase(),
  value,
]);

Deno.bench("viteRequestFields(): a browser's request for a module", { group: "request" }, () => {
  viteRequestFields(HEADERS, "127.0.0.1:8000");
});

Deno.bench("backendRequestFields(): the same", { group: "request" }, () => {
  backendRequestFields(HEADERS, CLIENT);
});

Deno.bench("responseFields(): Vite's answer", { group: "response" }, () => {
  responseFields(LOWER, { upstreamOrigin: "http://127.0.0.1:5173" });
});

Deno.bench("isTrustedProxy(): in one of three ranges", { group: "trust" }, () => {
  isTrustedProxy("172.18.0.7", ["127.0.0.1", "10.0.0.0/8", "172.16.0.0/12"]);
});
