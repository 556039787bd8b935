import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { integrityOf, versionIdOf } from "../../sidecar/asset_version.ts";
import { checkBase, renderBuildInfo } from "../../sidecar/build_info.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import {
  type BuiltManifest,
  type ManifestFile,
  type ManifestFileOptions,
  openManifestFile,
} from "../../sidecar/manifest_file.ts";
import { eventually } from "../_support/eventually.ts";
import { createProject, type Project } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const manifestOf = (hash: string): string =>
  JSON.stringify({ "src/main.ts": { file: `assets/main-${hash}.js`, isEntry: true } });

const PATH = "dist/.vite/manifest.json";

interface Opened {
  readonly project: Project;
  readonly file: ManifestFile;
  readonly events: SidecarEvent[];
  fileOf(): string | undefined;
}

type Files = Readonly<Record<string, string>>;

async function withFiles(files: Files, run: (project: Project) => Promise<void>): Promise<void> {
  const project = await createProject("manifest", files);
  try {
    await run(project);
  } finally {
    await project.remove();
  }
}

async function withManifest(
  files: Files,
  run: (opened: Opened) => void | Promise<void>,
  options: Partial<ManifestFileOptions> = {},
): Promise<void> {
  await withFiles(files, async (project) => {
    const events: SidecarEvent[] = [];
    const file = await openManifestFile({
      folder: join(project.root, "dist"),
      emit: (event) => events.push(event),
      everyMs: 0,
      ...options,
    });
    const fileOf = () => file.current().manifest.records.get("src/main.ts")?.file;
    try {
      await run({ project, file, events, fileOf });
    } finally {
      file.close();
    }
  });
}

const messages = (events: readonly SidecarEvent[]): readonly string[] =>
  events.map((event) => "message" in event ? event.message : event.kind);

test("openManifestFile() finds the manifest where Vite and where Laravel put it", async () => {
  for (const path of [PATH, "dist/manifest.json"]) {
    await withManifest({ [path]: manifestOf("1") }, async ({ file, fileOf }) => {
      equal(fileOf(), "assets/main-1.js");
      equal(file.current().versionId, versionIdOf(manifestOf("1")));
      await file.refresh();
    });
  }
});

test("openManifestFile() takes Vite's place before a web app's manifest.json", async () => {
  const files = { [PATH]: manifestOf("1"), "dist/manifest.json": '{"name":"app","icons":[]}' };
  await withManifest(files, ({ fileOf }) => equal(fileOf(), "assets/main-1.js"));
});

test("openManifestFile() reads a manifest of any name", async () => {
  const files = { "dist/a/b.json": manifestOf("1") };
  await withManifest(files, ({ fileOf }) => equal(fileOf(), "assets/main-1.js"), {
    path: "a/b.json",
  });
});

test("openManifestFile() says where it looked for a manifest that is not there", async () => {
  await withFiles({ "a.txt": "" }, async ({ root }) => {
    const open = (folder: string) => openManifestFile({ folder: join(root, folder), emit() {} });
    await rejects(open("dist"), (error) => {
      match(String(error), /^Error: Cannot read the manifest ".*dist\/\.vite\/manifest\.json": /);
      match(String(error), /: it is not there, nor is ".*dist\/manifest\.json"$/);
      return true;
    });
    await rejects(open("a.txt"), /it is not there/);
  });
});

test("openManifestFile() throws what is wrong with a manifest, of what goes with it, and what is not accepted", async () => {
  const open = (files: Files, accept?: ManifestFileOptions["accept"]) =>
    withManifest(files, () => {}, { accept });
  await rejects(open({ [PATH]: "{" }), SyntaxError);
  await rejects(open({ [PATH]: "{}" }), TypeError);
  await rejects(open({ [PATH]: manifestOf("1"), "dist/.vite/sidecar.json": "{}" }), TypeError);
  await rejects(open({ [`${PATH}/x`]: "" }), /manifest\.json": the system refuses with EISDIR$/);
  const accept = () => checkBase("/", "/static/", "dist");
  await rejects(open({ [PATH]: manifestOf("1") }, accept), /built for the base/);
});

test("row 48: the last good manifest stays in use while another one is written, with one warning", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, events, fileOf }) => {
    const { versionId } = file.current();
    const next = manifestOf("2");
    const states = ["", "{}", "[]", '{"name":"app"}', next.slice(0, 10), next.slice(0, -1)];
    for (const state of states) {
      await project.write(PATH, state);
      await file.refresh();
      equal(fileOf(), "assets/main-1.js");
      equal(file.current().versionId, versionId);
    }
    await rm(join(project.root, PATH));
    await file.refresh();
    await rm(join(project.root, "dist"), { recursive: true });
    await file.refresh();
    equal(fileOf(), "assets/main-1.js");
    equal(events.length, 1);
    match(messages(events)[0] ?? "", /it is empty; the last good build stays in use$/);
    await project.write(PATH, next);
    await file.refresh();
    equal(fileOf(), "assets/main-2.js");
    equal(file.current().versionId, versionIdOf(next));
  });
});

test("a second deploy that goes wrong gives a second warning", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, events }) => {
    for (const text of ["{", manifestOf("2"), "{", "[", manifestOf("3")]) {
      await project.write(PATH, text);
      await file.refresh();
    }
    equal(events.length, 2);
  });
});

test("row 48: a new manifest is in use within a second", async () => {
  const everyMs = undefined;
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, fileOf }) => {
    const seen = (hash: string) =>
      eventually(`build ${hash}`, () => fileOf() === `assets/main-${hash}.js`, { withinMs: 1000 });
    await project.write(PATH, manifestOf("2"));
    await seen("2");
    await project.write(PATH, "{");
    await project.write(PATH, manifestOf("3"));
    await seen("3");
  }, { everyMs });
});

test("a manifest of the same size and time is seen while it is fresh", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, fileOf }) => {
    const now = new Date();
    for (const hash of ["2", "3"]) {
      await project.write(PATH, manifestOf(hash));
      await utimes(join(project.root, PATH), now, now);
      await file.refresh();
      equal(fileOf(), `assets/main-${hash}.js`);
    }
  });
});

test("an old manifest put back by a deploy with its time kept is seen", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, fileOf }) => {
    const path = join(project.root, PATH);
    const old = new Date(Date.now() - 1e9);
    await utimes(path, old, old);
    await file.refresh();
    await file.refresh();
    await project.write("other.json", manifestOf("2"));
    await utimes(join(project.root, "other.json"), old, old);
    await rename(join(project.root, "other.json"), path);
    await file.refresh();
    equal(fileOf(), "assets/main-2.js");
  });
});

test("the same text written again is the same build", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file }) => {
    const before = file.current();
    await project.write(PATH, manifestOf("1"));
    await file.refresh();
    equal(file.current(), before);
  });
});

test("row 51: a link that is swapped for another build is followed", async () => {
  const files = { [`one/${PATH}`]: manifestOf("1"), [`two/${PATH}`]: manifestOf("2") };
  await withFiles(files, async ({ root }) => {
    const link = join(root, "current");
    await symlink(join(root, "one", "dist"), link);
    const file = await openManifestFile({ folder: link, emit() {}, everyMs: 0 });
    await symlink(join(root, "two", "dist"), `${link}.new`);
    await rename(`${link}.new`, link);
    await file.refresh();
    equal(file.current().versionId, versionIdOf(manifestOf("2")));
    file.close();
  });
});

const infoOf = (hash: string): string =>
  renderBuildInfo({
    base: "/static/",
    viteVersion: "8.3.8",
    versionId: versionIdOf(manifestOf(hash)),
    files: new Map([[`assets/main-${hash}.js`, { integrity: integrityOf(hash) }]]),
  });

test("what a build says of itself counts for its own manifest only: two builds never mix", async () => {
  const files = { [PATH]: manifestOf("1"), "dist/.vite/sidecar.json": infoOf("1") };
  await withManifest(files, async ({ project, file, fileOf }) => {
    const hash = () => file.current().integrity?.get(fileOf() ?? "");
    equal(hash(), integrityOf("1"));
    equal(file.current().info?.base, "/static/");
    await project.write(PATH, manifestOf("2"));
    await file.refresh();
    deepEqual([fileOf(), file.current().info, hash()], [
      "assets/main-2.js",
      undefined,
      undefined,
    ]);
    await project.write("dist/.vite/sidecar.json", infoOf("2"));
    await file.refresh();
    equal(hash(), integrityOf("2"));
  });
});

test("the import map that a build names is read with it", async () => {
  const info = JSON.parse(infoOf("1")) as object;
  const text = JSON.stringify({ ...info, importMap: "importmap.json" });
  const files = {
    [PATH]: manifestOf("1"),
    "dist/.vite/sidecar.json": text,
    "dist/importmap.json": '{"imports":{"/a.js":"/b.js"}}',
  };
  await withManifest(files, ({ file }) => {
    deepEqual(file.current().importMap, { imports: { "/a.js": "/b.js" } });
  });
});

test("a build that is not accepted is not used, and is asked about again", async () => {
  let allowed = "1";
  const asked: string[] = [];
  const accept = async ({ versionId }: BuiltManifest): Promise<void> => {
    asked.push(versionId);
    await Promise.resolve();
    if (versionId !== versionIdOf(manifestOf(allowed))) throw new RangeError("Cannot take it");
  };
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, events, fileOf }) => {
    await project.write(PATH, manifestOf("2"));
    await file.refresh();
    await file.refresh();
    equal(fileOf(), "assets/main-1.js");
    deepEqual(messages(events), ["Cannot take it; the last good build stays in use"]);
    allowed = "2";
    await file.refresh();
    equal(fileOf(), "assets/main-2.js");
    await file.refresh();
    equal(asked.length, 4);
  }, { accept });
});

test("refresh() is asked for by many at once and looks once", async () => {
  let asked = 0;
  const accept = () => void asked++;
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file }) => {
    await project.write(PATH, manifestOf("2"));
    await Promise.all([file.refresh(), file.refresh(), file.refresh()]);
    equal(asked, 2);
  }, { accept });
});

test("close() ends the looking, also of a look that is under way", async () => {
  await withManifest({ [PATH]: manifestOf("1") }, async ({ project, file, events, fileOf }) => {
    await project.write(PATH, manifestOf("2"));
    const looking = file.refresh();
    file.close();
    file.close();
    await looking;
    equal(fileOf(), "assets/main-1.js");
    deepEqual(events, []);
  });
});

test("row 47: a manifest that is rewritten a thousand times is read whole or not at all", async () => {
  await withManifest({ [PATH]: manifestOf("0") }, async ({ project, file, fileOf }) => {
    const path = join(project.root, PATH);
    let isWriting = true;
    const long = (round: number): string =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 50 + round % 7 * 50 }, (_, index) => [
          index === 0 ? "src/main.ts" : `src/${index}.ts`,
          { file: `assets/${round}.js`, isEntry: true },
        ])),
      );
    const writing = (async () => {
      for (let round = 0; round < 1000; round++) await writeFile(path, long(round));
      isWriting = false;
    })();
    while (isWriting) {
      await file.refresh();
      const files = [...file.current().manifest.records.values()].map(({ file }) => file);
      equal(new Set(files).size, 1);
    }
    await writing;
    await file.refresh();
    equal(fileOf(), "assets/999.js");
  });
});

test("a loop of links in place of the folder is an error, not a hang", async () => {
  await withFiles({}, async ({ root }) => {
    await mkdir(root, { recursive: true });
    await symlink(join(root, "b"), join(root, "a"));
    await symlink(join(root, "a"), join(root, "b"));
    await rejects(openManifestFile({ folder: join(root, "a"), emit() {} }), /ELOOP$/);
  });
});
