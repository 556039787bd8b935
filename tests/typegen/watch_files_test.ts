import { deepEqual, ok } from "node:assert/strict";
import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type WatchedFiles, watchFiles } from "../../typegen/watch_files.ts";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

interface Seen {
  /** Waits until a path was told of, and forgets all that was. */
  see(path: string): Promise<void>;
  readonly paths: readonly string[];
  replace(watched: WatchedFiles): void;
}

async function watching(
  watched: WatchedFiles,
  { path: root }: Folder,
  run: (seen: Seen) => Promise<void>,
): Promise<void> {
  const paths: string[] = [];
  const watch = watchFiles(watched, (some) => void paths.push(...some));
  try {
    await run({
      paths,
      replace: (next) => watch.replace(next),
      async see(path) {
        await eventually(`the change of ${path}`, () => paths.includes(join(root, path)), {
          withinMs: 5000,
        });
        paths.length = 0;
      },
    });
  } finally {
    watch.close();
  }
}

const tree = (folder: Folder, path = "app"): WatchedFiles => ({
  files: [],
  trees: [{
    folder: folder.at(path),
    matches: (each) => each.endsWith(".py"),
    skips: (each) => each.endsWith("skipped"),
  }],
});

test("watchFiles() tells of a file that changes, comes and goes", async () => {
  await inFolder({ "a.json": "1" }, async (folder) => {
    await watching(
      { files: [folder.at("a.json"), folder.at("deep/er/b.json")], trees: [] },
      folder,
      async ({ see }) => {
        await folder.write("a.json", "22");
        await see("a.json");
        await folder.write("deep/er/b.json", "1");
        await see("deep/er/b.json");
        await folder.write("deep/er/b.json", "22");
        await see("deep/er/b.json");
        await folder.remove("a.json");
        await see("a.json");
        // As editors save: beside it, and then in its place.
        await folder.write("new", "333");
        await rename(folder.at("new"), folder.at("a.json"));
        await see("a.json");
      },
    );
  });
});

test("watchFiles() finds a folder again that was removed and made anew", async () => {
  await inFolder({ "app/a.py": "1" }, async (folder) => {
    await watching(tree(folder), folder, async ({ see }) => {
      for (let turn = 0; turn < 3; turn++) {
        await rm(folder.at("app"), { recursive: true });
        await see("app/a.py");
        await mkdir(folder.at("app/sub"), { recursive: true });
        await writeFile(folder.at("app/sub/b.py"), "1");
        await see("app/sub/b.py");
        await writeFile(folder.at("app/sub/b.py"), "22");
        await see("app/sub/b.py");
        await writeFile(folder.at("app/a.py"), "1");
        await see("app/a.py");
      }
    });
  });
});

test("watchFiles() sees what matches alone, below folders that count", async () => {
  await inFolder({ "app/a.py": "1", "app/skipped/b.py": "1" }, async (folder) => {
    await watching(tree(folder), folder, async ({ see, paths }) => {
      await folder.write("app/skipped/b.py", "22");
      await folder.write("app/c.txt", "22");
      await folder.write("elsewhere/d.py", "22");
      await folder.write("app/new/e.py", "1");
      await eventually("the change", () => paths.length > 0);
      deepEqual([...new Set(paths)], [folder.at("app/new/e.py")]);
      await folder.write("app/a.py", "22");
      await see("app/a.py");
    });
  });
});

test("watchFiles() misses none of the last changes in a flood of 5,000", async () => {
  await inFolder({ "app/x.py": "1" }, async (folder) => {
    for (let index = 0; index < 50; index++) await mkdir(folder.at(`app/d${index}`));
    await watching(tree(folder), folder, async ({ paths }) => {
      const writes = Array.from(
        { length: 5000 },
        (_, index) => folder.at(`app/d${index % 50}/f${index}.py`),
      );
      for (let start = 0; start < writes.length; start += 250) {
        await Promise.all(writes.slice(start, start + 250).map((path) => writeFile(path, "1")));
      }
      await eventually("all of them", () => new Set(paths).size === 5000, { withinMs: 20_000 });
      await folder.write("app/d7/last.py", "1");
      await eventually("one more", () => paths.includes(folder.at("app/d7/last.py")));
    });
  });
});

test("watchFiles() tells nothing of a file that is only looked at", async () => {
  await inFolder({ "a.json": "1", "b.json": "1" }, async (folder) => {
    await watching(
      { files: [folder.at("a.json"), folder.at("b.json")], trees: [] },
      folder,
      async ({ paths, see }) => {
        await folder.read("a.json");
        await folder.write("b.json", "22");
        await eventually("the other", () => paths.length > 0);
        deepEqual(paths, [folder.at("b.json")]);
        await utimes(folder.at("a.json"), 1, 1);
        await see("a.json");
      },
    );
  });
});

test("replace() begins with others, and forgets no change of those that stay", async () => {
  await inFolder({ "a.json": "1", "b.json": "1" }, async (folder) => {
    const [a, b] = [folder.at("a.json"), folder.at("b.json")];
    await watching({ files: [a], trees: [] }, folder, async ({ see, replace, paths }) => {
      await folder.write("a.json", "22");
      replace({ files: [a, b], trees: [] });
      await see("a.json");
      await folder.write("b.json", "22");
      await see("b.json");
      replace({ files: [b], trees: [] });
      await folder.write("a.json", "333");
      await folder.write("b.json", "333");
      await eventually("the change", () => paths.includes(b));
      ok(!paths.includes(a));
    });
  });
});
