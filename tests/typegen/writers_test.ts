/** Two programs write into one folder at once, one is killed, and somebody reads all the time. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GENERATED_MARK } from "../../typegen/write_plan.ts";
import { writeTypes } from "../../typegen/writer.ts";
import { eventually } from "../_support/eventually.ts";
import { inFolder } from "../_support/folder.ts";
import { startRuntime } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

const FIXTURE = fileURLToPath(import.meta.resolve("../fixtures/types_writer.ts"));
const ROUNDS = 200;

const startWriter = (root: string, label: string, rounds = ROUNDS) =>
  startRuntime(
    [...(runtimeName === "deno" ? ["run", "-A"] : ["run"]), FIXTURE, root, label, String(rounds)],
    {},
  );

/** Whether a text is one that a writer meant, from its first character to its last. */
function isWhole(text: string): boolean {
  const [, body = ""] = /^.*\nexport const text = "(.*)";\n$/.exec(text) ?? [];
  return new Set(body.trim().split(" ")).size === 1 && body.trim().split(" ").length === 20_000;
}

test("two writers and a reader, 200 rounds each: no half file, no litter", async () => {
  await inFolder({ "x": "" }, async ({ path: root, at }) => {
    const writers = [startWriter(root, "a"), startWriter(root, "b")];
    let isOver = false;
    const ends = Promise.all(writers.map(({ exited }) => exited)).then((all) => {
      isOver = true;
      return all;
    });
    let reads = 0;
    for (; !isOver; await new Promise((resolve) => setImmediate(resolve))) {
      for (const name of ["out/a.ts", "out/deep/b.ts"]) {
        let text: string;
        try {
          text = readFileSync(at(name), "utf8");
        } catch {
          continue;
        }
        ok(isWhole(text), `half a file: ${text.slice(0, 80)}`);
        reads++;
      }
    }
    const codes = (await ends).map(({ code }) => code);
    deepEqual(codes, [0, 0], writers.map(({ stderr }) => stderr()).join("\n"));
    ok(reads > 100, `${reads} reads`);
    const left = readdirSync(at("out"), { recursive: true });
    deepEqual(left.sort(), [".sidecar-types.json", "a.ts", "deep", join("deep", "b.ts")]);
  });
});

test("a writer that is killed leaves whole files, and the next one its folder clean", async () => {
  await inFolder({ "x": "" }, async ({ path: root, at }) => {
    for (let turn = 0; turn < 5; turn++) {
      const writer = startWriter(root, "k", 1_000_000);
      await eventually("a file", () => readdirSync(at("out")).includes("a.ts"));
      await new Promise((resolve) => setTimeout(resolve, 10 * turn));
      writer.kill("SIGKILL");
      equal((await writer.exited).signal, "SIGKILL");
      ok(isWhole(readFileSync(at("out/a.ts"), "utf8")));
    }
    for (const name of readdirSync(at("out"), { recursive: true })) {
      // As if it had been a while ago.
      utimesSync(join(at("out"), String(name)), 1, 1);
    }
    const files = [{ path: "a.ts", text: `${GENERATED_MARK}\n` }];
    await writeTypes({ files, api: [], output: at("out"), root, allowed: [root] });
    const left = readdirSync(at("out"), { recursive: true });
    deepEqual(left.filter((name) => String(name).includes("lv-tmp")), []);
  });
});
