import { deepEqual, equal, ok } from "node:assert/strict";
import {
  concat,
  type FrameEvent,
  FrameParser,
  messageBytes,
  OPCODE,
  renderClosePayload,
  renderControl,
  renderMessage,
} from "../../sidecar/websocket_frames.ts";
import { test } from "../_support/test.ts";

const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const CAP = 1024 * 1024;

interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly masked?: boolean;
}

/** A server's frame, right or wrong; written apart from the code under test. */
function serverFrame(
  opcode: number,
  payload: string | Uint8Array | number[],
  { fin = true, rsv = 0, masked = false }: FrameOptions = {},
): Uint8Array {
  const body = typeof payload === "string"
    ? new TextEncoder().encode(payload)
    : Uint8Array.from(payload);
  const n = body.length;
  const length = n < 126
    ? [n]
    : n < 65536
    ? [126, n >> 8, n & 255]
    : [127, 0, 0, 0, 0, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
  length[0] = (length[0] ?? 0) | (masked ? 0x80 : 0);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode, ...length];
  return concat([Uint8Array.from(head), body]);
}

function parse(pieces: readonly Uint8Array[], maxBytes = CAP): FrameEvent[] {
  const parser = new FrameParser(maxBytes);
  return pieces.flatMap((piece) => [...parser.push(piece.slice())]);
}

function violationOf(...pieces: Uint8Array[]): number | undefined {
  const events = parse(pieces);
  const last = events.at(-1);
  return last?.kind === "violation" ? last.code : undefined;
}

const text = (value: string): FrameEvent => ({ kind: "text", text: value });
const binary = (...bytes: number[]): FrameEvent => ({
  kind: "binary",
  bytes: Uint8Array.from(bytes),
});

test("FrameParser reads texts, binaries and control frames", () => {
  deepEqual(
    parse([concat([
      serverFrame(1, "héllo"),
      serverFrame(2, [1, 2, 3]),
      serverFrame(9, "are you there"),
      serverFrame(10, ""),
      serverFrame(1, ""),
      serverFrame(2, []),
      serverFrame(8, [0x0f, 0xa1, 0x62, 0x79, 0x65]),
    ])]),
    [
      text("héllo"),
      binary(1, 2, 3),
      { kind: "ping", payload: new TextEncoder().encode("are you there") },
      { kind: "pong" },
      text(""),
      binary(),
      { kind: "close", code: 4001, reason: "bye" },
    ],
  );
});

test("FrameParser joins fragments, also with control frames between them", () => {
  deepEqual(
    parse([concat([
      serverFrame(1, "a", { fin: false }),
      serverFrame(9, "p"),
      serverFrame(0, "", { fin: false }),
      serverFrame(0, "b", { fin: false }),
      serverFrame(10, ""),
      serverFrame(0, "c"),
      serverFrame(2, [], { fin: false }),
      serverFrame(0, [7]),
    ])]),
    [{ kind: "ping", payload: Uint8Array.of(0x70) }, { kind: "pong" }, text("abc"), binary(7)],
  );
});

test("FrameParser lets a character be cut between two fragments", () => {
  const euro = new TextEncoder().encode("€");
  deepEqual(
    parse([serverFrame(1, euro.subarray(0, 1), { fin: false }), serverFrame(0, euro.subarray(1))]),
    [text("€")],
  );
});

test("FrameParser gives the same events wherever its input is cut", () => {
  const stream = concat([
    serverFrame(1, "first"),
    serverFrame(2, new Uint8Array(200).fill(5)),
    serverFrame(1, "x".repeat(130), { fin: false }),
    serverFrame(9, "ping"),
    serverFrame(0, "€😀"),
    serverFrame(8, [3, 232]),
  ]);
  const whole = parse([stream]);
  equal(whole.length, 5);
  for (let cut = 0; cut <= stream.length; cut++) {
    deepEqual(parse([stream.subarray(0, cut), stream.subarray(cut)]), whole, `cut at ${cut}`);
  }
  deepEqual(parse(Array.from(stream, (byte) => Uint8Array.of(byte))), whole);
});

test("FrameParser reads the three forms of the length, at their limits", () => {
  for (const size of [0, 125, 126, 65535, 65536, 70000]) {
    const payload = new Uint8Array(size).map((_, i) => i & 255);
    const frame = serverFrame(2, payload);
    for (const cut of [1, 2, 5, 9, 10, 11, frame.length - 1]) {
      deepEqual(parse([frame.subarray(0, cut), frame.subarray(cut)]), [binary(...payload)]);
    }
  }
});

test("FrameParser refuses what a server must not send", () => {
  const cases: [string, number, Uint8Array][] = [
    ["masked", 1002, serverFrame(1, "x", { masked: true })],
    ["RSV1, as a compressed message has", 1002, serverFrame(1, "x", { rsv: 4 })],
    ["RSV2", 1002, serverFrame(2, "x", { rsv: 2 })],
    ["RSV3 on a ping", 1002, serverFrame(9, "x", { rsv: 1 })],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, number, Uint8Array] => [
      `opcode ${opcode}`,
      1002,
      serverFrame(opcode, ""),
    ]),
    ["fragmented ping", 1002, serverFrame(9, "x", { fin: false })],
    ["ping of 126 bytes", 1002, serverFrame(9, new Uint8Array(126))],
    ["continuation of nothing", 1002, serverFrame(0, "x")],
    ["length of 5 in 2 bytes", 1002, Uint8Array.of(0x82, 126, 0, 5)],
    ["length of 65535 in 8 bytes", 1002, Uint8Array.of(0x82, 127, 0, 0, 0, 0, 0, 0, 255, 255)],
    ["negative length", 1002, Uint8Array.of(0x82, 127, 128, 0, 0, 0, 0, 0, 0, 1)],
    ["length of 2^62", 1009, Uint8Array.of(0x82, 127, 64, 0, 0, 0, 0, 0, 0, 0)],
    ["text that is not UTF-8", 1007, serverFrame(1, [0xc3, 0x28])],
    ["text with half a character", 1007, serverFrame(1, [0xe2, 0x82])],
    ["text with a surrogate", 1007, serverFrame(1, [0xed, 0xa0, 0x80])],
    ["close with one byte", 1002, serverFrame(8, [3])],
    ["close reason that is not UTF-8", 1007, serverFrame(8, [3, 232, 0xff])],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map(
      (code): [string, number, Uint8Array] => [
        `close code ${code}`,
        1002,
        serverFrame(8, [code >> 8, code & 255]),
      ],
    ),
  ];
  for (const [name, code, bytes] of cases) {
    equal(violationOf(bytes), code, name);
    equal(violationOf(...Array.from(bytes, (byte) => Uint8Array.of(byte))), code, `${name}, cut`);
  }
});

test("FrameParser refuses a new message inside a message", () => {
  equal(violationOf(serverFrame(1, "a", { fin: false }), serverFrame(1, "b")), 1002);
});

test("FrameParser reads nothing after a close or a violation", () => {
  deepEqual(parse([serverFrame(8, []), serverFrame(1, "late")]), [
    { kind: "close", code: undefined, reason: "" },
  ]);
  const events = parse([serverFrame(1, "x", { masked: true }), serverFrame(1, "late")]);
  deepEqual(events.map(({ kind }) => kind), ["violation"]);
});

test("FrameParser caps a message, the limit inclusive, over all its fragments", () => {
  equal(parse([serverFrame(2, new Uint8Array(1000))], 1000)[0]?.kind, "binary");
  // Case: the head alone says it, before the payload costs anything
  equal(parse([serverFrame(2, new Uint8Array(1001)).subarray(0, 4)], 1000)[0]?.kind, "violation");
  const half = new Uint8Array(600);
  const events = parse([serverFrame(2, half, { fin: false }), serverFrame(0, half)], 1000);
  deepEqual(events.map((event) => event.kind === "violation" && event.code), [1009]);
});

test("FrameParser takes 200,000 empty fragments of one message", () => {
  const flood = new Uint8Array(400_000);
  const parser = new FrameParser(CAP);
  deepEqual([...parser.push(serverFrame(1, "a", { fin: false }))], []);
  deepEqual([...parser.push(flood)], []);
  deepEqual([...parser.push(serverFrame(0, "b"))], [text("ab")]);
});

test("FrameParser keeps a byte order mark", () => {
  deepEqual(parse([serverFrame(1, "\ufeffa")]), [text("\ufeffa")]);
});

test("FrameParser.isInside says whether more is sure to come", () => {
  const parser = new FrameParser(CAP);
  const frame = serverFrame(1, "abc", { fin: false });
  equal(parser.isInside, false);
  [...parser.push(frame.slice(0, 3))];
  equal(parser.isInside, true);
  [...parser.push(frame.slice(3))];
  equal(parser.isInside, true);
  [...parser.push(serverFrame(0, ""))];
  equal(parser.isInside, false);
});

/** Reads a client's frame back, strictly. */
function readClientFrame(bytes: Uint8Array): { opcode: number; payload: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  equal((bytes[0] ?? 0) & 0xf0, 0x80, "FIN and no reserved bit");
  equal((bytes[1] ?? 0) & 0x80, 0x80, "masked");
  const short = (bytes[1] ?? 0) & 0x7f;
  const at = short === 126 ? 4 : short === 127 ? 10 : 2;
  const length = short === 126 ? view.getUint16(2) : short === 127 ? view.getUint32(6) : short;
  equal(bytes.length, at + 4 + length);
  const mask = bytes.subarray(at, at + 4);
  const payload = bytes.slice(at + 4).map((byte, i) => byte ^ (mask[i & 3] ?? 0));
  return { opcode: (bytes[0] ?? 0) & 15, payload };
}

test("renderMessage() masks the example of RFC 6455 §5.7", () => {
  const [frame] = [...renderMessage("Hello", MASK, 1024)];
  deepEqual(
    frame,
    Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58),
  );
});

test("renderMessage() renders bytes of every length, in chunks of every size", () => {
  for (const size of [0, 1, 125, 126, 1000, 65535, 65536, 65537]) {
    const bytes = new Uint8Array(size).map((_, i) => (i * 7) & 255);
    for (const chunkBytes of [16, 17, 1000, 65536]) {
      if (size > 1000 && chunkBytes < 1000) continue;
      const chunks = [...renderMessage(bytes, MASK, chunkBytes)];
      const { opcode, payload } = readClientFrame(concat(chunks));
      equal(opcode, OPCODE.binary);
      deepEqual(payload, bytes);
      ok(chunks.every((chunk) => chunk.length <= chunkBytes + 14));
    }
  }
});

test("renderMessage() never cuts a character of a text in two", () => {
  for (const value of ["", "abc", "é€😀".repeat(40), "a" + "😀".repeat(60), "x\ud800y\udc00"]) {
    for (let chunkBytes = 16; chunkBytes < 32; chunkBytes++) {
      const { opcode, payload } = readClientFrame(
        concat([...renderMessage(value, MASK, chunkBytes)]),
      );
      equal(opcode, OPCODE.text);
      equal(payload.length, messageBytes(value));
      deepEqual(payload, new TextEncoder().encode(value));
    }
  }
});

test("renderMessage() leaves the bytes that it is given as they are", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  [...renderMessage(bytes, MASK, 1024)];
  deepEqual(bytes, Uint8Array.of(1, 2, 3));
});

test("renderControl() renders pongs and closes", () => {
  deepEqual(readClientFrame(renderControl(OPCODE.pong, Uint8Array.of(9, 8), MASK)), {
    opcode: 10,
    payload: Uint8Array.of(9, 8),
  });
  const close = renderControl(OPCODE.close, renderClosePayload(4001, "é"), MASK);
  deepEqual(readClientFrame(close).payload, Uint8Array.of(0x0f, 0xa1, 0xc3, 0xa9));
});

test("renderClosePayload() is empty without a code", () => {
  equal(renderClosePayload(undefined, "").length, 0);
});
