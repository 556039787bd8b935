import { deepEqual, doesNotThrow, equal, throws } from "node:assert/strict";
import { resolve } from "node:path";
import {
  checkFolders,
  type InstallFacts,
  type InstallPlan,
  isEmptied,
  planInstall,
} from "../../sidecar/build_plan.ts";
import { test } from "../_support/test.ts";

const plan = (facts: Partial<InstallFacts>): InstallPlan =>
  planInstall({
    staged: [],
    present: [],
    kept: new Set(),
    manifest: ".vite/manifest.json",
    isEmptied: true,
    ...facts,
  });

test("what pages ask for comes first, then pages, the manifest last", () => {
  const staged = [
    ".vite/manifest.json",
    ".vite/sidecar.json",
    "about/index.html",
    "assets/b.js",
    "assets/a.css",
    "index.html",
    "robots.txt",
  ];
  deepEqual(plan({ staged }).write, [
    "assets/a.css",
    "assets/b.js",
    "robots.txt",
    "about/index.html",
    "index.html",
    ".vite/sidecar.json",
    ".vite/manifest.json",
  ]);
});

test("what is neither new nor kept goes, but for what is no build's", () => {
  const present = [
    ".git/HEAD",
    ".vite/manifest.json",
    ".vite/sidecar-builds.json",
    "assets/last.js",
    "assets/older.js",
    "index.html",
    "old.html",
  ];
  const facts = {
    staged: ["index.html", ".vite/manifest.json"],
    present,
    kept: new Set(["assets/last.js"]),
  };
  deepEqual(plan(facts).remove, ["assets/older.js", "old.html"]);
  deepEqual(plan({ ...facts, isEmptied: false }).remove, []);
});

test("a file in the way of a folder is cleared, and a folder in the way of a file", () => {
  const found = plan({
    staged: ["a/b.js", "c"],
    present: ["a", "c/d/e.js", "cc/f.js"],
  });
  deepEqual(found.clear, ["a", "c"]);
  deepEqual(found.remove, ["cc/f.js"]);
});

const root = resolve("/project");
const at = (path: string): string => resolve(root, path);

test("a folder is emptied as Vite decides it", () => {
  equal(isEmptied(undefined, root, at("dist")), true);
  equal(isEmptied(undefined, root, at("../dist")), false);
  equal(isEmptied(true, root, at("../dist")), true);
  equal(isEmptied(false, root, at("dist")), false);
});

test("folders that hold the sources are refused", () => {
  for (const bundleDir of [root, at(".."), resolve("/")]) {
    throws(() => checkFolders({ root, bundleDir, ssrDir: undefined }), {
      name: "BuildError",
      message:
        `Cannot build into "${bundleDir}": it holds the sources too, and a build replaces what is in it`,
    });
  }
  throws(() => checkFolders({ root, bundleDir: at("dist"), ssrDir: root }), /holds the sources/);
  doesNotThrow(() => checkFolders({ root, bundleDir: at("dist"), ssrDir: at("dist-ssr") }));
  doesNotThrow(() => checkFolders({ root, bundleDir: at("../..dist"), ssrDir: undefined }));
});

test("what is the server's is not where everybody can read it", () => {
  const refused = (bundleDir: string, ssrDir: string): void =>
    throws(() => checkFolders({ root, bundleDir: at(bundleDir), ssrDir: at(ssrDir) }), {
      message: `Cannot build the server's part into "${at(ssrDir)}": everybody can read "${
        at(bundleDir)
      }"`,
    });
  refused("dist", "dist");
  refused("dist", "dist/server");
  refused("dist/client", "dist");
});
