/**
 * What every request pays before anybody answers it.
 *
 * @module
 */
import {
  admitRequest,
  type EdgeRequest,
  initiatorOf,
  refuseViteRequest,
} from "../../sidecar/edge.ts";
import { parseAuthority } from "../../sidecar/host.ts";
import { parseRequestTarget } from "../../sidecar/request_target.ts";

const CONFIG = { host: "127.0.0.1", allowedHosts: [] };

function requestOf(url: string, fields: Readonly<Record<string, string>>): EdgeRequest {
  const headers = new Headers(fields);
  return { method: "GET", url, header: (name) => headers.get(name) };
}

const MODULE = requestOf("http://127.0.0.1:8000/src/main.tsx?t=1712345678901", {
  host: "127.0.0.1:8000",
  origin: "http://127.0.0.1:8000",
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "script",
});

Deno.bench("parseRequestTarget(): a module", { group: "target" }, () => {
  parseRequestTarget(MODULE.url);
});

Deno.bench("parseRequestTarget(): escapes and dots", { group: "target" }, () => {
  parseRequestTarget("http://127.0.0.1:8000/@fs/home/me/.config/a%20b/%5B...slug%5D.ts?import");
});

Deno.bench("new URL(), for comparison", { group: "target" }, () => {
  new URL(MODULE.url);
});

Deno.bench("parseAuthority(): an address and a port", { group: "host" }, () => {
  parseAuthority("127.0.0.1:8000");
});

Deno.bench("parseAuthority(): a name", { group: "host" }, () => {
  parseAuthority("app.example.test");
});

Deno.bench("admitRequest(): a module", { group: "edge" }, () => {
  admitRequest(MODULE, CONFIG);
});

Deno.bench("the whole edge of a module with an origin", { group: "edge" }, () => {
  const admission = admitRequest(MODULE, CONFIG);
  if (admission.kind === "refused") throw new Error(admission.reason);
  const initiator = initiatorOf(MODULE, admission, CONFIG);
  refuseViteRequest(MODULE, admission, { remoteAddress: "127.0.0.1", initiator });
});
