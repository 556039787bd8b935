import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { chmod, stat } from "node:fs/promises";
import type { CheckFinding, Edit } from "../../doctor/finding.ts";
import { error } from "../../doctor/finding.ts";
import { mend } from "../../doctor/mend.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

function finding(...edits: readonly Edit[]): CheckFinding {
  return { check: "some-check", ...error({ message: "wrong", fix: "mend", edits }) };
}

const write = (path: string, before: string, after: string): Edit => ({
  kind: "write",
  path,
  before,
  after,
});

test("mend() writes, and keeps the file as it was", async () => {
  await inFolder({ "package.json": "old" }, async ({ path, read }) => {
    const result = await mend(path, [finding(write("package.json", "old", "new"))]);
    deepEqual(result, {
      mended: [{ check: "some-check", path: "package.json" }],
      backup: ".sidecar-backup/1",
    });
    equal(await read("package.json"), "new");
    equal(await read(".sidecar-backup/1/package.json"), "old");
    equal(await read(".sidecar-backup/.gitignore"), "*\n");
  });
});

test("mend() never writes into an earlier backup", async () => {
  const files = { "a.txt": "second", ".sidecar-backup/1/a.txt": "first" };
  await inFolder(files, async ({ path, read }) => {
    const { backup } = await mend(path, [finding(write("a.txt", "second", "third"))]);
    equal(backup, ".sidecar-backup/2");
    equal(await read(".sidecar-backup/1/a.txt"), "first");
    equal(await read(".sidecar-backup/2/a.txt"), "second");
  });
});

test("mend() removes a file, and keeps it", async () => {
  await inFolder({ "public/hot": "http://127.0.0.1:1" }, async ({ path, read }) => {
    const edit: Edit = { kind: "remove", path: "public/hot", before: "http://127.0.0.1:1" };
    await mend(path, [finding(edit)]);
    await rejects(read("public/hot"));
    equal(await read(".sidecar-backup/1/public/hot"), "http://127.0.0.1:1");
  });
});

test("mend() leaves a file alone that was changed since it was looked at", async () => {
  await inFolder({ "a.txt": "changed" }, async ({ path, read }) => {
    const { mended, backup } = await mend(path, [finding(write("a.txt", "old", "new"))]);
    match(mended[0]?.refused ?? "", /changed meanwhile/);
    equal(backup, undefined);
    equal(await read("a.txt"), "changed");
    await rejects(stat(`${path}/.sidecar-backup`));
  });
});

test("mend() mends a file once: the second plan was made for another text", async () => {
  await inFolder({ "a.txt": "1" }, async ({ path, read }) => {
    const plans = [finding(write("a.txt", "1", "2")), finding(write("a.txt", "1", "3"))];
    const { mended } = await mend(path, plans);
    deepEqual(mended.map(({ refused }) => refused === undefined), [true, false]);
    equal(await read("a.txt"), "2");
  });
});

test("mend() follows no link, and writes nothing outside of the root", async () => {
  await inFolder({ "outside/a.txt": "old", "root/b.txt": "" }, async ({ at, link, read }) => {
    await link("root/a.txt", at("outside/a.txt"));
    await link("root/folder", at("outside"));
    const edits = ["a.txt", "folder/a.txt", "../outside/a.txt"].map((path) =>
      write(path, "old", "new")
    );
    const { mended } = await mend(at("root"), [finding(...edits)]);
    equal(mended.every(({ refused }) => refused !== undefined), true, JSON.stringify(mended));
    equal(await read("outside/a.txt"), "old");
  });
});

test("mend() keeps who may read a file", async () => {
  await inFolder({ ".env": "old" }, async ({ path, at }) => {
    await chmod(at(".env"), 0o600);
    await mend(path, [finding(write(".env", "old", "new"))]);
    equal((await stat(at(".env"))).mode & 0o777, 0o600);
  });
});
