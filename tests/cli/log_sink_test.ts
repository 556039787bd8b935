import { deepEqual, equal, match, ok } from "node:assert/strict";
import { LogSink } from "../../cli/log_sink.ts";
import { eventually } from "../_support/eventually.ts";
import { createProject } from "../_support/project.ts";
import { ask, startUpstream } from "../_support/raw_http.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

/** A reader that takes a piece when it is told to. */
function slowReader() {
  const pieces: string[] = [];
  let taken = Promise.withResolvers<void>();
  return {
    pieces,
    send(bytes: Uint8Array): Promise<void> {
      pieces.push(new TextDecoder().decode(bytes));
      return taken.promise;
    },
    take(): void {
      taken.resolve();
      taken = Promise.withResolvers();
    },
    leave(): void {
      taken.reject(new Error("EPIPE"));
    },
  };
}

test("LogSink hands over one piece at a time, in order", async () => {
  const reader = slowReader();
  const sink = new LogSink(reader);
  for (const text of ["a", "b", "c"]) sink.write(text);
  deepEqual(reader.pieces, ["a"]);
  reader.take();
  await eventually("the rest", () => reader.pieces.length === 2);
  deepEqual(reader.pieces, ["a", "bc"]);
  const flushed = sink.flush(10_000);
  reader.take();
  await flushed;
  sink.write("d");
  deepEqual(reader.pieces, ["a", "bc", "d"]);
  reader.take();
  await sink.flush(10_000);
});

test("LogSink drops what comes while too much waits, and says how much", async () => {
  const reader = slowReader();
  const sink = new LogSink({ ...reader, maxWaiting: 10 });
  sink.write("first\n");
  sink.write("1234\n");
  // Case: the limit is inclusive
  sink.write("5678\n");
  sink.write("x");
  sink.write("y");
  reader.take();
  await eventually("the rest", () => reader.pieces.length === 2);
  equal(reader.pieces[1], "1234\n5678\n(2 lines were lost: nobody read them)\n");
  // A text is taken whole if nothing else waits.
  sink.write("a line of more than ten characters\n");
  reader.take();
  await eventually("the long line", () => reader.pieces.length === 3);
  equal(reader.pieces[2], "a line of more than ten characters\n");
  reader.take();
  await sink.flush(10_000);
});

test("LogSink.flush() waits no longer than it is told to", async () => {
  const sink = new LogSink({ send: () => new Promise(() => {}) });
  sink.write("nobody reads this");
  await sink.flush(5);
});

test("LogSink keeps nothing for a reader that is gone", async () => {
  const reader = slowReader();
  const sink = new LogSink(reader);
  sink.write("a");
  reader.leave();
  await sink.flush(10_000);
  sink.write("b");
  deepEqual(reader.pieces, ["a"]);
});

const REQUESTS = 3000;
const AT_A_TIME = 10;

for (const end of ["unread", "closed"] as const) {
  test(`dev on ${runtimeName} goes on serving while its log is ${end} (row 60)`, async () => {
    const vite = await startUpstream((exchange) =>
      exchange.answer(200, "export {};", [["content-type", "text/javascript"]])
    );
    const backend = await startUpstream((exchange) => exchange.answer(200, "ok"));
    const project = await createProject("log-sink", { "package.json": "{}" });
    const program = startSidecar(
      [
        ...["dev", "--root", project.root, "--port", "0", "--json", "--verbose"],
        ...["--vite-url", vite.url, "--backend", backend.url],
      ],
      { standardError: end },
    );
    try {
      const { port } = await program.ready();
      // More than any pipe or socket pair holds.
      const target = `/api/${"x".repeat(400)}`;
      for (let sent = 0; sent < REQUESTS; sent += AT_A_TIME) {
        const answers = await Promise.all(
          Array.from({ length: AT_A_TIME }, () => ask(port, { target })),
        );
        ok(answers.every(({ body }) => body.toString() === "ok"));
      }
      match(program.stderr(), /^$/);
    } finally {
      await program.stop();
      await Promise.all([vite.close(), backend.close(), project.remove()]);
    }
  });
}
