import { deepEqual, equal } from "node:assert/strict";
import type { ScannedFile } from "../../sidecar/asset_map.ts";
import {
  type BuildRecord,
  guessBuildRecord,
  parseBuildRecord,
  planRetention,
  renderBuildRecord,
  type Retention,
} from "../../sidecar/build_record.ts";
import { test } from "../_support/test.ts";

const A = "assets/index-AaA1bB2c.js";
const B = "assets/index-BbB1cC2d.js";
const C = "assets/index-CcC1dD2e.js";
const SHARED = "assets/vendor-DdD1eE2f.js";

function files(...paths: readonly string[]): ScannedFile[] {
  return paths.map((path) => ({ path, realPath: `/dist/${path}`, size: 1, mtimeMs: 1 }));
}

function later(found: readonly ScannedFile[]): ScannedFile[] {
  return found.map((file) => ({ ...file, mtimeMs: 2 }));
}

function record(...builds: readonly (readonly string[])[]): BuildRecord {
  return { builds: builds.map((files) => ({ files })) };
}

function plan(retention: Partial<Retention>) {
  return planRetention({
    record: record(),
    before: [],
    after: [],
    held: new Set(),
    assetsDir: "assets",
    fromPublic: new Set(),
    keep: 2,
    ...retention,
  });
}

test("planRetention() keeps the last build's files beside the new ones", () => {
  const planned = plan({
    record: record([A, SHARED]),
    before: files(A, SHARED, "index.html"),
    held: new Set([A, SHARED]),
    after: later(files(B, SHARED, "index.html")),
  });
  deepEqual(planned, { record: record([B, SHARED], [A, SHARED]), restore: [A], remove: [] });
});

test("planRetention() lets go of the build before the last", () => {
  const planned = plan({
    record: record([B, SHARED], [A, SHARED]),
    before: files(A, B, SHARED),
    held: new Set([A, B, SHARED]),
    after: later(files(C)),
  });
  deepEqual(planned, { record: record([C], [B, SHARED]), restore: [B, SHARED], remove: [] });
});

test("planRetention() does the same where Vite does not empty its directory", () => {
  const planned = plan({
    record: record([B, SHARED], [A]),
    before: files(A, B, SHARED),
    held: new Set([A, B, SHARED]),
    after: [...files(A, B), ...later(files(C, SHARED))],
  });
  deepEqual(planned, {
    record: record([C, SHARED], [B, SHARED]),
    restore: [],
    remove: [A],
  });
});

test("planRetention() does not count a build that changed nothing", () => {
  const planned = plan({
    record: record([B], [A]),
    before: files(A, B),
    held: new Set([A, B]),
    after: later(files(B)),
  });
  deepEqual(planned, { record: record([B], [A]), restore: [A], remove: [] });
});

test("planRetention() brings back an earlier build as the newest", () => {
  const planned = plan({
    record: record([B], [A]),
    before: files(A, B),
    held: new Set([A, B]),
    after: later(files(A)),
  });
  deepEqual(planned, { record: record([A], [B]), restore: [B], remove: [] });
});

test("planRetention() keeps nothing with one build, and forgets what somebody deleted", () => {
  const alone = plan({ record: record([A]), before: files(A), after: later(files(B)), keep: 1 });
  deepEqual(alone, { record: record([B]), restore: [], remove: [] });
  const gone = plan({ record: record([A, SHARED]), before: [], after: later(files(B)) });
  deepEqual(gone, { record: record([B], []), restore: [], remove: [] });
});

test("planRetention() leaves what comes from public/ alone", () => {
  const planned = plan({
    record: record([B], [A]),
    before: files(A, B),
    held: new Set([A, B]),
    after: later(files(A, C)),
    fromPublic: new Set([A]),
  });
  deepEqual(planned, { record: record([C], [B]), restore: [B], remove: [] });
});

test("a record survives being written and read", () => {
  const value = record([B, SHARED], [A]);
  deepEqual(parseBuildRecord(renderBuildRecord(value)), value);
});

test("parseBuildRecord() takes what is no record for an empty one", () => {
  for (const text of ["", "{", "null", "[]", '"x"', "{}", '{"version":2,"builds":[]}']) {
    deepEqual(parseBuildRecord(text), record(), text);
  }
  deepEqual(parseBuildRecord('{"version":1,"builds":[null,{"files":"x"}]}'), record([], []));
});

test("parseBuildRecord() believes no path that leads elsewhere", () => {
  const paths = [A, "../x.js", "/etc/passwd", "a/../../x", "a\\..\\x", "C:/x", ".env", "", 5, null];
  const text = JSON.stringify({ version: 1, builds: [{ files: paths }] });
  deepEqual(parseBuildRecord(text), record([A]));
});

test("guessBuildRecord() takes what looks hashed for the last build", () => {
  deepEqual(
    guessBuildRecord(files(B, A, "index.html", "assets/logo.png"), "assets"),
    record([A, B]),
  );
  equal(guessBuildRecord(files("index.html"), "assets").builds.length, 0);
});
