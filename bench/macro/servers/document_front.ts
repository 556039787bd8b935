/**
 * Our front with a build and no app: its page says what a real one says.
 *
 * @module
 */
import { createSidecar } from "../../../mod.ts";
import { announce, readOptions } from "./control.ts";

const { root } = readOptions<{ root: string }>();
const names = Array.from({ length: 40 }, (_, index) => `resource${index}.show`);
const sidecar = await createSidecar({
  root,
  host: "127.0.0.1",
  port: 0,
  dev: false,
  mode: "spa",
  assetUrl: "/static/",
  routes: Object.fromEntries(names.map((name) => [name, `/${name.replace(".", "/")}/{id}`])),
  csrfToken: (request) => `${request.url.length}-0123456789abcdef0123456789abcdef`,
  nonce: true,
  contentSecurityPolicy: "script-src 'strict-dynamic'; object-src 'none'; base-uri 'none'",
});
const server = sidecar.serve();
announce(server.port, {}, () => sidecar.close());
