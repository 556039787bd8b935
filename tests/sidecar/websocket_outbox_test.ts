import { deepEqual, equal, ok } from "node:assert/strict";
import { Outbox } from "../../sidecar/websocket_outbox.ts";
import { test } from "../_support/test.ts";

const MiB = 1024 * 1024;

/** With a mask of zeros the payload stands in the frame as it is. */
function outbox(): Outbox {
  return new Outbox(() => new Uint8Array(4));
}

/** Opcode and payload length of all frames in what the outbox gives, behind what it has given. */
function drain(box: Outbox, begun?: Uint8Array): { opcode: number; length: number }[] {
  const chunks: number[] = Array.from(begun ?? []);
  for (let bytes = box.next(); bytes !== undefined; bytes = box.next()) {
    for (const byte of bytes) chunks.push(byte);
  }
  const frames: { opcode: number; length: number }[] = [];
  for (let at = 0; at < chunks.length;) {
    const short = (chunks[at + 1] ?? 0) & 127;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    let length = short < 126 ? short : 0;
    for (let i = 0; i < extra; i++) length = length * 256 + (chunks[at + 2 + i] ?? 0);
    frames.push({ opcode: (chunks[at] ?? 0) & 15, length });
    at += 2 + extra + 4 + length;
  }
  return frames;
}

test("Outbox gives messages in order, small ones together in one write", () => {
  const box = outbox();
  for (const message of ["a", Uint8Array.of(1, 2), "abc"]) ok(box.push(message, MiB));
  const bytes = box.next();
  equal(bytes?.length, 7 + 8 + 9);
  equal(box.next(), undefined);
});

test("Outbox takes a message of any size if no other waits", () => {
  const box = outbox();
  equal(box.push(new Uint8Array(2 * MiB), MiB), true);
  equal(box.push("x", MiB), false);
});

test("Outbox does not count the message that is being written", () => {
  const box = outbox();
  box.push(new Uint8Array(2 * MiB), MiB);
  ok(box.next());
  equal(box.waitingBytes, 0);
  equal(box.push(new Uint8Array(2 * MiB), MiB), true);
  equal(box.push("x", MiB), false);
});

test("Outbox refuses what makes too much wait, the limit inclusive", () => {
  const box = outbox();
  equal(box.push(new Uint8Array(500 - 128), 1000), true);
  equal(box.push(new Uint8Array(500 - 128), 1000), true);
  equal(box.waitingBytes, 1000);
  equal(box.push("", 1000), false);
});

test("Outbox bounds a flood of empty messages", () => {
  const box = outbox();
  let taken = 0;
  while (box.push("", MiB)) taken++;
  equal(taken, MiB / 128);
  equal(drain(box).length, taken);
});

test("Outbox gives a large message in chunks and one frame", () => {
  const box = outbox();
  box.push(new Uint8Array(MiB), MiB);
  ok((box.next()?.length ?? 0) < MiB / 2);
  const again = outbox();
  again.push(new Uint8Array(MiB), MiB);
  deepEqual(drain(again), [{ opcode: 2, length: MiB }]);
});

test("Outbox puts a pong before the messages that wait, never inside one", () => {
  const box = outbox();
  box.push(new Uint8Array(MiB), 9 * MiB);
  const begun = box.next();
  ok(begun);
  box.push("later", 9 * MiB);
  box.pong(Uint8Array.of(1));
  const [large, ...rest] = drain(box, begun);
  deepEqual(large, { opcode: 2, length: MiB });
  deepEqual(rest, [{ opcode: 10, length: 1 }, { opcode: 1, length: 5 }]);
});

test("Outbox answers only the latest of many pings", () => {
  const box = outbox();
  for (let i = 0; i < 1000; i++) box.pong(new Uint8Array(i & 63));
  deepEqual(drain(box), [{ opcode: 10, length: 999 & 63 }]);
});

test("Outbox closes behind what waits, or in its place", () => {
  for (const keeps of [true, false]) {
    const box = outbox();
    box.push("a", MiB);
    box.push("b", MiB);
    box.close(4001, "bye", keeps);
    box.push("late", MiB);
    box.pong(new Uint8Array(0));
    box.close(1000, "", true);
    deepEqual(
      drain(box),
      keeps
        ? [{ opcode: 1, length: 1 }, { opcode: 1, length: 1 }, { opcode: 8, length: 5 }]
        : [{ opcode: 8, length: 5 }],
    );
  }
});

test("Outbox finishes the message being written before it closes", () => {
  const box = outbox();
  box.push(new Uint8Array(MiB), MiB);
  let bytes = box.next()?.length ?? 0;
  box.close(undefined, "", false);
  for (let next = box.next(); next !== undefined; next = box.next()) bytes += next.length;
  equal(bytes, 14 + MiB + 6);
});

test("Outbox gives nothing after clear()", () => {
  const box = outbox();
  box.push(new Uint8Array(MiB), MiB);
  box.next();
  box.push("x", MiB);
  box.clear();
  equal(box.next(), undefined);
  equal(box.waitingBytes, 0);
  box.push("y", MiB);
  equal(box.next(), undefined);
});
