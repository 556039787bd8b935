import { equal } from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { isListening, untilListening } from "../../cli/reach.ts";
import { findFreePort } from "../../sidecar/backend_process.ts";
import { loopbackAddresses } from "../_support/free_port.ts";
import { test } from "../_support/test.ts";

async function listen(server: Server, port: number, address = "127.0.0.1"): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, address, resolve);
  await promise;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}

test("isListening() tells whether somebody does", async () => {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  equal(await isListening(origin), false);
  const server = createServer((socket) => socket.destroy());
  await listen(server, port);
  equal(await isListening(origin), true);
  await close(server);
});

for (const address of await loopbackAddresses()) {
  test(`isListening() finds what listens at localhost on ${address} alone (row 31)`, async () => {
    const port = await findFreePort();
    const server = createServer((socket) => socket.destroy());
    await listen(server, port, address);
    equal(await isListening(`http://localhost:${port}`), true);
    await close(server);
    equal(await isListening(`http://localhost:${port}`), false);
  });
}

test("untilListening() waits for it", async () => {
  const port = await findFreePort();
  const waiting = untilListening(`http://127.0.0.1:${port}`, new AbortController().signal);
  const server = createServer((socket) => socket.destroy());
  await listen(server, port);
  equal(await waiting, true);
  await close(server);
});

test("untilListening() gives up when it is told to", async () => {
  const port = await findFreePort();
  const enough = new AbortController();
  const waiting = untilListening(`http://127.0.0.1:${port}`, enough.signal);
  enough.abort();
  equal(await waiting, false);
});
