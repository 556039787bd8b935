/**
 * Writes generated files: as a whole or not at all, and nothing that is somebody's own.
 *
 * @module
 */
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import type { GeneratedFile } from "../codegen/options.ts";
import { TypesError } from "./diagnostic.ts";
import {
  isPlainPath,
  MANIFEST_FILE,
  NO_MANIFEST,
  parseManifest,
  renderManifest,
  type TypesManifest,
} from "./manifest.ts";
import { outputProblem } from "./options.ts";
import { type Found, planWrites, type WantedFiles, type WritePlan } from "./write_plan.ts";

/** What was done. */
export interface WriteOutcome {
  /** Paths from the output folder. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly same: readonly string[];
}

/** What {@linkcode writeTypes} works with. */
export interface WriteRequest extends WantedFiles {
  /** Absolute. */
  readonly output: string;
  /** Absolute folders; the output folder has to be in one of them. */
  readonly allowed: readonly string[];
  /** The project. */
  readonly root: string;
}

/** A name of ours: who wrote it, and which of its files it was. */
const TEMPORARY_REGEXP = /^\..+\.(\d+)-\d+\.lv-tmp$/;
/** No write takes as long. */
const ABANDONED_MS = 60_000;
/** Who writes into a folder that two containers share seems dead from the other one; its writes are quick. */
const DEAD_MS = 2000;

/** What the system says, in words that follow the file's name. */
const STATES: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its path goes through links in a circle",
  EMFILE: "too many files are open",
};

/** Finds out what would be done; nothing is changed. */
export async function compareTypes(request: WriteRequest): Promise<WritePlan> {
  await checkOutput(request);
  const { output } = request;
  const before = await readManifest(output);
  const paths = [
    ...[...request.files, ...request.api ?? []].map(({ path }) => path),
    ...before.files,
    ...before.api,
  ].filter(isPlainPath);
  const found = new Map<string, Found>();
  for (const path of new Set(paths)) found.set(path, await look(output, path));
  return planWrites(request, before, (path) => found.get(path) ?? { kind: "nothing" });
}

/**
 * Writes what differs, and removes what is no longer generated.
 *
 * Every file is written beside its place first, and moved there when all of them could be: a disk that is full changes
 * nothing.
 *
 * @throws {TypesError} If a file can't be written; what was there is still there.
 */
export async function writeTypes(request: WriteRequest): Promise<WriteOutcome> {
  const plan = await compareTypes(request);
  const { output } = request;
  refuse(plan, output);
  await makeFolder(output, output);
  await sweep(output, plan);
  const manifest = renderManifest(plan.manifest);
  const isListed = await readFile(join(output, MANIFEST_FILE), "utf8").catch(() => "") === manifest;
  await replaceAll(output, [
    ...plan.write,
    ...isListed ? [] : [{ path: MANIFEST_FILE, text: manifest }],
  ]);
  for (const path of plan.remove) await remove(output, path);
  return { written: plan.write.map(({ path }) => path), removed: plan.remove, same: plan.same };
}

/**
 * Writes one document where somebody asked for it, whatever was there.
 *
 * @param path Absolute.
 * @returns Whether it is another one than before.
 * @throws {TypesError} If it can't be written; what was there is still there.
 */
export async function writeDocument(path: string, text: string): Promise<boolean> {
  if (await readFile(path, "utf8").catch(() => undefined) === text) return false;
  await replaceAll(dirname(path), [{ path: basename(path), text }]);
  return true;
}

/** The output folder itself may be a link, but not one that leads out of the project. */
async function checkOutput({ output, allowed, root }: WriteRequest): Promise<void> {
  const places = await Promise.all(allowed.map((folder) => realpath(folder).catch(() => folder)));
  const state = outputProblem(await realplace(output), places, await realplace(root));
  if (state === undefined) return;
  throw new TypesError("outside", output, `Cannot generate types into "${output}": ${state}`);
}

/** A path without links, as far as it exists. */
async function realplace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : resolve(await realplace(above), basename(path));
  }
}

async function readManifest(output: string): Promise<TypesManifest> {
  const text = await readFile(join(output, MANIFEST_FILE), "utf8").catch(() => undefined);
  return text === undefined ? NO_MANIFEST : parseManifest(text);
}

async function look(output: string, path: string): Promise<Found> {
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const place = join(output, ...parts.slice(0, depth));
    const stat = await lstat(place).catch(() => undefined);
    if (stat === undefined) return { kind: "nothing" };
    if (stat.isSymbolicLink()) return { kind: "other", what: "a link" };
    const isLast = depth === parts.length;
    if (isLast && stat.isDirectory()) return { kind: "other", what: "a folder" };
    if (isLast !== stat.isFile()) {
      if (!stat.isDirectory()) return { kind: "other", what: "no plain file" };
    }
  }
  try {
    return { kind: "file", text: await readFile(join(output, path), "utf8") };
  } catch (error) {
    throw failure("read", join(output, path), error);
  }
}

function refuse({ refused }: WritePlan, output: string): void {
  const [first] = refused;
  if (first === undefined) return;
  const path = join(output, first.path);
  const others = refused.length === 1 ? "" : ` (and ${refused.length - 1} more)`;
  throw new TypesError(
    "not-ours",
    path,
    `Cannot overwrite "${path}"${others}: ${first.state}`,
    "move it away, or choose another folder with --output",
  );
}

async function makeFolder(path: string, shown: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw failure("write", shown, error);
  }
}

let counter = 0;

/** Writes all beside their places, then moves them there. */
async function replaceAll(output: string, files: readonly GeneratedFile[]): Promise<void> {
  const moves: (readonly [temporary: string, path: string])[] = [];
  let place = output;
  try {
    for (const { path, text } of files) {
      place = join(output, path);
      const folder = dirname(place);
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.${basename(path)}.${process.pid}-${counter++}.lv-tmp`);
      moves.push([temporary, place]);
      await writeFile(temporary, text, { flag: "wx" });
    }
    while (moves.length > 0) {
      const [temporary, path] = moves[0] ?? ["", ""];
      place = path;
      await rename(temporary, path);
      moves.shift();
    }
  } catch (error) {
    for (const [temporary] of moves) await rm(temporary, { force: true }).catch(() => {});
    throw failure("write", place, error);
  }
}

async function remove(output: string, path: string): Promise<void> {
  const place = join(output, path);
  try {
    await rm(place, { force: true });
  } catch (error) {
    throw failure("remove", place, error);
  }
  // A folder that is empty now was for what is gone.
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    if (!await rmdir(join(output, folder)).then(() => true, () => false)) return;
  }
}

/** Takes away what a writer left that was killed. */
async function sweep(output: string, { write, same, remove }: WritePlan): Promise<void> {
  const paths = [...write.map(({ path }) => path), ...same, ...remove];
  for (const folder of new Set(["", ...paths.map((path) => dirname(path))])) {
    const names = await readdir(join(output, folder)).catch(() => []);
    for (const name of names) {
      const [, pid] = TEMPORARY_REGEXP.exec(name) ?? [];
      const path = join(output, folder, name);
      if (pid !== undefined && await isAbandoned(path, Number(pid))) {
        await rm(path, { force: true }).catch(() => {});
      }
    }
  }
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) return false;
  return Date.now() - stat.mtimeMs > (isAlive(pid) ? ABANDONED_MS : DEAD_MS);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function failure(action: "read" | "write" | "remove", path: string, error: unknown): TypesError {
  const code = codeOf(error);
  const why = error instanceof Error ? error.message : String(error);
  return new TypesError(
    "not-written",
    path,
    `Cannot ${action} "${path}": ${STATES[code] ?? why}`,
  );
}
