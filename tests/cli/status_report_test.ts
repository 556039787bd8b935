import { deepEqual, equal, match } from "node:assert/strict";
import { type DoctorFacts, renderDoctorJson, renderDoctorReport } from "../../cli/doctor_report.ts";
import { renderStatus, renderStatusJson, type StatusFacts } from "../../cli/status_report.ts";
import { createStyle } from "../../cli/style.ts";
import { error, info, warning } from "../../doctor/finding.ts";
import { test } from "../_support/test.ts";

const plain = createStyle(false);

const EMPTY: StatusFacts = {
  root: "/project",
  options: [{ name: "port", value: 8000, source: "default" }],
  problems: [],
  versions: [{ name: "vite", version: undefined }],
  running: [],
  portOwner: undefined,
  port: 8000,
  leftovers: [],
  types: undefined,
  typesWhy: "no types are generated",
  build: undefined,
};

test("renderStatus() shows a project in which nothing runs", () => {
  equal(
    renderStatus(EMPTY, plain),
    `Versions
  vite  not there

Options
  port  8000  default

Running
  nothing; port 8000 is free

Up to date
  types  no types are generated
  build  nothing is built

`,
  );
});

test("renderStatus() shows what runs, what is stale and who has the port", () => {
  const text = renderStatus({
    ...EMPTY,
    running: [{
      pid: 7,
      url: "http://127.0.0.1:8001/",
      mode: "dev",
      vite: { condition: "down", port: undefined, pid: undefined, base: "/static/" },
      app: { kind: "backend", condition: "up", origin: "http://127.0.0.1:9000" },
    }],
    portOwner: { address: "127.0.0.1", port: 8000, pid: 99, command: "nginx" },
    leftovers: [{
      path: "public/hot",
      text: "",
      what: "The hot file",
      staleWhy: "no Vite answers",
    }],
    types: { kind: "stale", output: "src/generated", files: ["routes.ts"], problems: [] },
    build: { folder: "dist", builtAt: "2026-05-01T09:30:00.000Z", newer: 3, problems: [] },
    problems: ["Cannot use 1"],
  }, plain);
  for (
    const line of [
      "  http://127.0.0.1:8001/  dev, process 7",
      "  Vite down, base /static/; app up at http://127.0.0.1:9000",
      "  port 8000 belongs to process 99 nginx",
      "  stale The hot file public/hot: no Vite answers",
      "  types  no, 1 files in src/generated; next: generate-types",
      "  build  no, 3 sources are newer than dist of 2026-05-01 09:30 UTC; next: build",
      "  error: Cannot use 1",
    ]
  ) {
    equal(text.split("\n").includes(line), true, `${line}\nis not in\n${text}`);
  }
});

test("renderStatusJson() is one line with the same names always", () => {
  const text = renderStatusJson(EMPTY);
  equal(text.includes("\n"), false);
  deepEqual(Object.keys(JSON.parse(text)), [
    ...["version", "root", "options", "problems", "versions", "running", "port", "leftovers"],
    ...["types", "build"],
  ]);
});

const DOCTOR: DoctorFacts = {
  root: ".",
  examination: { findings: [], skipped: [{ check: "build", why: "nothing is built" }], count: 31 },
  mending: undefined,
  ms: 412,
  verbose: false,
};

test("renderDoctorReport() is one line where all is well", () => {
  equal(
    renderDoctorReport(DOCTOR, plain),
    "All is well  30 checks, 1 had nothing to look at, 412 ms\n",
  );
  match(renderDoctorReport({ ...DOCTOR, verbose: true }, plain), /skipped build: nothing is built/);
});

const edits = [{ kind: "remove", path: "public/hot", before: "" }] as const;
const FINDINGS = [
  { check: "a", ...error({ message: "This is wrong", evidence: ["a.ts:1"], fix: "mend it" }) },
  { check: "b", ...warning({ message: "This may be", fix: "look", edits }) },
  { check: "c", ...info({ message: "This is so", fix: "know it" }) },
];

test("renderDoctorReport() says what, where and what to do", () => {
  const examination = { findings: FINDINGS, skipped: [], count: 31 };
  equal(
    renderDoctorReport({ ...DOCTOR, examination }, plain),
    `error a  This is wrong
  at a.ts:1
  fix: mend it

warning b  This may be
  fix: look (or --fix)

info c  This is so
  fix: know it

1 error, 1 warning, 1 note  31 checks, 0 had nothing to look at, 412 ms
`,
  );
});

test("renderDoctorReport() says what was mended, and where the file is as it was", () => {
  const mending = {
    mended: [{ check: "b", path: "public/hot" }, {
      check: "c",
      path: "x",
      refused: "it is no plain file",
    }],
    backup: ".sidecar-backup/1",
  };
  equal(
    renderDoctorReport({ ...DOCTOR, mending }, plain),
    `mended b  public/hot
not mended c  x: it is no plain file
as it was: .sidecar-backup/1

All is well  30 checks, 1 had nothing to look at, 412 ms
`,
  );
});

test("renderDoctorJson() is one line with the same names always", () => {
  const examination = { findings: FINDINGS, skipped: [], count: 31 };
  const text = renderDoctorJson({ ...DOCTOR, examination });
  equal(text.includes("\n"), false);
  // What a caller of --json may count on.
  const fields = JSON.parse(text) as { findings: { mendable: boolean }[]; errors: number };
  deepEqual(Object.keys(fields), [
    ...["version", "root", "checks", "errors", "warnings", "infos", "findings", "skipped"],
    ...["mended", "backup", "ms"],
  ]);
  deepEqual([fields.errors, fields.findings.map(({ mendable }) => mendable)], [1, [
    false,
    true,
    false,
  ]]);
});
