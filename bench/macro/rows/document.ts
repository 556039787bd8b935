/**
 * The page of a build with routes, a CSRF token and a nonce in it, against a listener that answers a constant.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createProject, type Project } from "../../../tests/_support/project.ts";
import { describeSeries, type Plan, runRounds, seriesOf } from "../rounds.ts";
import type { Row } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { ratioOfMedians } from "../statistics.ts";

/** What a browser says when somebody types an address. */
const HEADERS = { accept: "text/html", "sec-fetch-dest": "document" } as const;
const FILE = "assets/index-BxC_12a4.js";
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>A page</title>
    <script type="module" crossorigin src="/static/${FILE}"></script>
    <link rel="modulepreload" crossorigin href="/static/assets/react-DkV1w2x3.js">
    <link rel="stylesheet" crossorigin href="/static/assets/index-D08BnpD6.css">
  </head>
  <body><div id="root"></div></body>
</html>
`;

function createBuild(): Promise<Project> {
  const manifest = { "index.html": { file: FILE, src: "index.html", isEntry: true } };
  return createProject("document", {
    "package.json": "{}",
    "dist/.vite/manifest.json": JSON.stringify(manifest),
    "dist/index.html": PAGE,
    [`dist/${FILE}`]: "export {};",
  });
}

interface Pair {
  readonly front: ServerProcess;
  readonly bare: ServerProcess;
}

async function startPair(runtime: RuntimeName, { root }: Project): Promise<Pair> {
  const front = await startServer(runtime, "document_front", { root });
  const answer = await fetch(`${front.origin}/`, { headers: HEADERS });
  const text = await answer.text();
  assertComplete(text, answer.headers);
  const headers = Object.fromEntries(answer.headers);
  for (const name of ["date", "content-length", "connection"]) delete headers[name];
  const path = join(root, `${runtime}.html`);
  await writeFile(path, text);
  const bare = await startServer(runtime, `bare_asset_${runtime}`, { path, headers });
  const constant = await fetch(`${bare.origin}/`, { headers: HEADERS });
  equal((await constant.text()).length, text.length);
  return { front, bare };
}

/** The nonce differs with each answer, so the answers can't be equal to the byte. */
function assertComplete(html: string, headers: Headers): void {
  const nonce = /nonce="([^"]+)"/.exec(html)?.[1] ?? "";
  equal(html.includes('window["__LV_ROUTES__"]={"resource0.show"'), true);
  equal(html.includes('window["__LV_CSRF__"]="'), true);
  equal(html.split(`nonce="${nonce}"`).length - 1, 5);
  equal(headers.get("content-security-policy")?.includes(`'nonce-${nonce}'`), true);
}

/** The document of a single-page app. */
export async function measureDocument(plan: Plan): Promise<Row[]> {
  const project = await createBuild();
  const pairs = { deno: await startPair("deno", project), bun: await startPair("bun", project) };
  try {
    const contestants = RUNTIMES.flatMap((runtime) =>
      (["front", "bare"] as const).map((kind) => {
        const { origin, pid } = pairs[runtime][kind];
        return { name: `${kind} ${runtime}`, url: `${origin}/`, pid };
      })
    );
    const all = await runRounds(contestants, plan, HEADERS);
    return RUNTIMES.map((runtime): Row => {
      const [ours, theirs] = [seriesOf(all, `front ${runtime}`), seriesOf(all, `bare ${runtime}`)];
      return {
        name: `document with routes, CSRF token and nonce from ${
          RUNTIME_TITLES[runtime]
        }, vs a constant`,
        target: { kind: "at-least", value: 0.75 },
        measured: ratioOfMedians(ours.rates, theirs.rates),
        unit: "×",
        detail: `${describeSeries(ours)}; control ${describeSeries(theirs)}`,
      };
    });
  } finally {
    await Promise.all(RUNTIMES.flatMap((name) => Object.values(pairs[name])).map((s) => s.stop()));
    await project.remove();
  }
}
