/**
 * Control: the app on `Deno.serve`, with nothing around it.
 *
 * @module
 */
import { announce } from "./control.ts";
import { hello } from "./hello.ts";

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, hello);
announce(server.addr.port);
