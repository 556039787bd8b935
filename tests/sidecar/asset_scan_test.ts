import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import process from "node:process";
import { scanAssets } from "../../sidecar/asset_scan.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

async function scan({ path }: Folder, dir = "dist") {
  const { files, problems } = await scanAssets(`${path}/${dir}`);
  return { files, paths: files.map((file) => file.path), problems };
}

const SITE = { "dist/index.html": "<p>", "dist/assets/a.js": "a", "dist/assets/x/b.css": "bb" };

test("scanAssets() finds files in the order of their paths", () =>
  inFolder(SITE, async (folder) => {
    const { files, paths, problems } = await scan(folder);
    deepEqual(paths, ["assets/a.js", "assets/x/b.css", "index.html"]);
    deepEqual(files.map(({ size }) => size), [1, 2, 3]);
    deepEqual(
      files.map(({ realPath }) => realPath),
      paths.map((path) => folder.at(`dist/${path}`)),
    );
    deepEqual(problems, []);
  }));

test("scanAssets() leaves hidden files out without a word, but .well-known at the top", () =>
  inFolder({
    "dist/.env": "SECRET=1",
    "dist/.git/config": "",
    "dist/.vite/manifest.json": "{}",
    "dist/.well-known/security.txt": "",
    "dist/assets/.DS_Store": "",
    "dist/assets/.well-known/x": "",
  }, async (folder) => {
    const { paths, problems } = await scan(folder);
    deepEqual(paths, [".well-known/security.txt"]);
    deepEqual(problems, []);
  }));

test("scanAssets() follows links that stay inside", () =>
  inFolder(SITE, async (folder) => {
    await folder.link("dist/latest.js", "assets/a.js");
    await folder.link("dist/static", "assets");
    const { files, paths, problems } = await scan(folder);
    deepEqual(paths, [
      ...["assets/a.js", "assets/x/b.css", "index.html", "latest.js"],
      ...["static/a.js", "static/x/b.css"],
    ]);
    equal(files.find(({ path }) => path === "latest.js")?.realPath, folder.at("dist/assets/a.js"));
    deepEqual(problems, []);
  }));

test("scanAssets() refuses links that lead out, or to what is hidden", () =>
  inFolder({ ...SITE, "secret.txt": "x", "dist2/x": "", "dist/.env": "x" }, async (folder) => {
    await folder.link("dist/secret.txt", "../secret.txt");
    await folder.link("dist/passwd", "/etc/passwd");
    await folder.link("dist/etc", "/etc");
    await folder.link("dist/sibling", "../dist2");
    await folder.link("dist/env.txt", ".env");
    await folder.link("dist/chain", "assets/out");
    await folder.link("dist/assets/out", "../../secret.txt");
    const { paths, problems } = await scan(folder);
    deepEqual(paths, ["assets/a.js", "assets/x/b.css", "index.html"]);
    equal(problems.length, 7);
    match(problems[0] ?? "", /^Cannot serve "assets\/out" .*: it is a link to what is not served$/);
  }));

test("scanAssets() survives links that dangle or loop", () =>
  inFolder(SITE, async (folder) => {
    await folder.link("dist/gone", "nowhere");
    await folder.link("dist/self", "self");
    await folder.link("dist/ping", "pong");
    await folder.link("dist/pong", "ping");
    await folder.link("dist/assets/up", "..");
    await folder.link("dist/assets/x/here", ".");
    const { paths, problems } = await scan(folder);
    deepEqual(paths, ["assets/a.js", "assets/x/b.css", "index.html"]);
    equal(problems.length, 6);
    match(problems.join("\n"), /"gone" .*: it does not exist/);
    match(problems.join("\n"), /"self" .*: it is a link that leads in a circle$/m);
    match(problems.join("\n"), /"ping" .*: it is a link that leads in a circle$/m);
    match(problems.join("\n"), /"assets\/up" .*: it is a link to where it lies/);
  }));

test("scanAssets() leaves out pipes and sockets, and does not wait for them", () =>
  inFolder(SITE, async (folder) => {
    folder.pipe("dist/pipe.js");
    const server = createServer().listen(folder.at("dist/socket.js"));
    await once(server, "listening");
    const { paths, problems } = await scan(folder);
    server.close();
    await once(server, "close");
    deepEqual(paths, ["assets/a.js", "assets/x/b.css", "index.html"]);
    deepEqual(problems.map((problem) => problem.split(": ")[1]), [
      "it is neither a file nor a directory",
      "it is neither a file nor a directory",
    ]);
  }));

test("scanAssets() reads the directory that a link points to now", () =>
  inFolder({ "releases/1/a.js": "1", "releases/2/a.js": "22" }, async (folder) => {
    await folder.link("dist", "releases/1");
    const { files } = await scan(folder);
    equal(files[0]?.realPath, folder.at("releases/1/a.js"));
  }));

const LOCKED = "scanAssets() goes on after a folder that it may not read";
if (process.getuid?.() === 0) test.skip(LOCKED, "root may read all");
else {
  test(LOCKED, () =>
    inFolder(SITE, async (folder) => {
      await folder.lock("dist/assets/x");
      const { paths, problems } = await scan(folder);
      deepEqual(paths, ["assets/a.js", "index.html"]);
      equal(problems.length, 1);
    }));
}

test("scanAssets() says what is wrong with the directory itself", () =>
  inFolder({ "file": "" }, async (folder) => {
    await rejects(
      scanAssets(folder.at("nope")),
      /^Error: Cannot read the bundle directory ".*nope": it does not exist$/,
    );
    await rejects(scanAssets(folder.at("file")), /: it is no directory$/);
  }));
