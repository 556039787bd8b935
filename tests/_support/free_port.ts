/**
 * Ports for programs that can't choose one themselves, and the addresses to listen on.
 *
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Finds a port of 127.0.0.1 that is free; somebody else may take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  server.close();
  await once(server, "close");
  return port;
}

/** The addresses of `localhost` that this machine has: a container often has no IPv6. */
export async function loopbackAddresses(): Promise<readonly ("127.0.0.1" | "::1")[]> {
  const server = createServer().listen(0, "::1");
  const has = await once(server, "listening").then(() => true, () => false);
  server.close();
  return has ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
}
