/**
 * Control: the app on `Deno.serve`, with nothing around it.
 *
 * @module
 */
import { announce, readOptions } from "./control.ts";
import { hello, helloAfterLook } from "./hello.ts";

const { looks } = readOptions<{ looks?: boolean }>();
const handler = looks === true ? helloAfterLook : hello;
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
announce(server.addr.port);
