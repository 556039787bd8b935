/**
 * Control: the shortest proxy that Deno offers. It checks nothing and repeats what must not be repeated.
 *
 * @module
 */
import { announce, readOptions } from "./control.ts";

const { origin } = readOptions<{ origin: string }>();
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
  const { method, headers, body, url } = request;
  return fetch(origin + url.slice(url.indexOf("/", 8)), {
    method,
    headers,
    body,
    redirect: "manual",
  });
});
announce(server.addr.port);
