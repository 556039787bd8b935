import { deepEqual, equal, match } from "node:assert/strict";
import {
  type BuildReport,
  renderBuildLine,
  renderBuildReport,
  renderBytes,
} from "../../cli/build_report.ts";
import { createStyle } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

const REPORT: BuildReport = {
  version: "0.1.0",
  viteVersion: "8.3.8",
  executor: "node",
  ms: 1432,
  base: "/static/",
  client: {
    name: "dist",
    files: [
      { path: ".vite/manifest.json", bytes: 5000 },
      { path: "assets/a.js", bytes: 142_400 },
      { path: "assets/a.js.br", bytes: 44_000 },
      { path: "assets/a.js.gz", bytes: 51_000 },
      { path: "backup.gz", bytes: 900 },
      { path: "index.html", bytes: 62 },
    ],
  },
  ssr: undefined,
  kept: 1,
};

test("a report shows files with their smallest copies, the largest first", () => {
  equal(
    renderBuildReport(REPORT, createStyle(false)),
    `
  @lv/sidecar 0.1.0  built in 1.4 s by Vite 8.3.8 on node

  → dist  for /static/
    assets/a.js    142 kB     44 kB
    backup.gz       900 B
    index.html       62 B
    3 files, 143 kB, 45 kB compressed

  1 file of the build before kept for tabs that are open

`,
  );
});

test("a report stays short, and shows the server's part", () => {
  const files = Array.from({ length: 40 }, (_, index) => ({ path: `${index}.js`, bytes: index }));
  const text = renderBuildReport({
    ...REPORT,
    base: null,
    client: { name: "dist", files },
    ssr: { name: "dist-ssr", files: [{ path: "server.js", bytes: 2048 }] },
    kept: 0,
  }, createStyle(false));
  match(text, /\n {2}→ dist\n {4}39\.js +39 B\n/);
  match(text, /\n {4}and 28 smaller files\n {4}40 files, 780 B\n/);
  match(text, /\n {2}→ dist-ssr {2}for the server\n {4}server\.js +2\.0 kB\n {4}1 file, 2\.0 kB\n/);
});

test("sizes are what a person compares", () => {
  const sizes = [0, 999, 1000, 9949, 10_000, 999_499, 1_000_000, 1_250_000];
  deepEqual(sizes.map(renderBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "10 kB",
    "999 kB",
    "1.0 MB",
    "1.3 MB",
  ]);
});

test("the line of --json counts what is served", () => {
  deepEqual(JSON.parse(renderBuildLine(REPORT)), {
    built: true,
    base: "/static/",
    client: { dir: "dist", files: 3, bytes: 143_362 },
    ssr: null,
    vite: { version: "8.3.8", executor: "node" },
  });
});
