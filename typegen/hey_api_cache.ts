/**
 * Results of earlier runs, so that an unchanged document costs nothing.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type HeyApiOutput, parseOutput } from "./api_files.ts";

/** A few documents, and the branches that somebody goes back and forth between. */
const MAX_RESULTS = 8;
const RESULT_REGEXP = /^api-[0-9a-f]{32}\.json$/;
/** What a process leaves that is killed in the middle of a run. */
const LEFT_REGEXP = /^run-[\w-]+$|\.tmp$/;
/** No run and no installation takes as long. */
const ABANDONED_MS = 10 * 60_000;

const fileOf = (folder: string, key: string): string => join(folder, `api-${key}.json`);

/** The result of a run with this key; `undefined` if there is none, or none that can be read. */
export async function readResult(folder: string, key: string): Promise<HeyApiOutput | undefined> {
  const text = await readFile(fileOf(folder, key), "utf8").catch(() => undefined);
  const output = text === undefined ? undefined : parseOutput(text);
  // It was wanted: others go first.
  if (output !== undefined) {
    const now = new Date();
    await utimes(fileOf(folder, key), now, now).catch(() => {});
  }
  return output;
}

/** Keeps a result, and of the others the youngest. What can't be kept is generated again. */
export async function keepResult(
  folder: string,
  key: string,
  output: HeyApiOutput,
): Promise<void> {
  const unfinished = join(folder, `${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, JSON.stringify(output));
    await rename(unfinished, fileOf(folder, key));
    await removeOld(folder);
  } catch {
    await rm(unfinished, { force: true });
  }
}

async function removeOld(folder: string): Promise<void> {
  const files = await Promise.all((await readdir(folder)).map(async (name) => {
    const path = join(folder, name);
    return { name, path, at: await stat(path).then(({ mtimeMs }) => mtimeMs, () => 0) };
  }));
  const results = files.filter(({ name }) => RESULT_REGEXP.test(name));
  const old = results.sort((a, b) => b.at - a.at).slice(MAX_RESULTS);
  const left = files.filter(({ name, at }) =>
    LEFT_REGEXP.test(name) && at < Date.now() - ABANDONED_MS
  );
  await Promise.all(
    [...old, ...left].map(({ path }) => rm(path, { recursive: true, force: true })),
  );
}
