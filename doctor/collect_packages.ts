/**
 * Reads manifests, lock files, and what is installed.
 *
 * @module
 */
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LOCK_FILES } from "./package_rules.ts";
import { parseJsonc } from "./jsonc.ts";
import type { Fields, JsonFile, ManifestFacts, PackageFact, PackagesFacts } from "./snapshot.ts";

/** A longer one was not written by hand. */
const MAX_MANIFEST_BYTES = 1024 * 1024;
/** Folders of `node_modules` that are looked into for a Vite of their own. */
const MAX_PACKAGES = 2000;

/** Reads what stands in the root. */
export async function collectManifests(root: string): Promise<ManifestFacts> {
  const problems: string[] = [];
  const read = async (...names: readonly string[]): Promise<JsonFile | undefined> => {
    for (const name of names) {
      const file = await readJson(root, name, problems);
      if (file !== undefined) return file;
    }
    return undefined;
  };
  const locks: string[] = [];
  let lockedMs: number | undefined;
  for (const name of Object.keys(LOCK_FILES)) {
    const found = await stat(join(root, name)).catch(() => undefined);
    if (!found?.isFile()) continue;
    locks.push(name);
    lockedMs = Math.max(lockedMs ?? 0, found.mtimeMs);
  }
  return {
    package: await read("package.json"),
    deno: await read("deno.json", "deno.jsonc"),
    tsconfig: await read("tsconfig.json"),
    problems,
    locks,
    lockedMs,
    installedMs: await installedAt(root),
  };
}

/** npm and Deno write a file of their own with each installation; of others the folder's time has to do. */
async function installedAt(root: string): Promise<number | undefined> {
  const names = [".package-lock.json", ".modules.yaml", ".yarn-state.yml", ".deno", ".bin", "."];
  const times = await Promise.all(
    names.map((name) =>
      stat(join(root, "node_modules", name)).then(({ mtimeMs }) => mtimeMs, () => 0)
    ),
  );
  const newest = Math.max(...times);
  return newest === 0 ? undefined : newest;
}

async function readJson(
  root: string,
  path: string,
  problems: string[],
): Promise<JsonFile | undefined> {
  const place = join(root, path);
  const refuse = (state: string): undefined =>
    void problems.push(`Cannot read "${path}": ${state}`);
  const found = await stat(place).catch((error: unknown) => codeOf(error));
  if (found === "ENOENT") {
    const link = await lstat(place).catch(() => undefined);
    return link === undefined ? undefined : refuse("it is a link to nothing");
  }
  if (typeof found === "string") return refuse(found === "ELOOP" ? "its links go round" : found);
  if (!found.isFile()) return refuse("it is no file");
  if (found.size > MAX_MANIFEST_BYTES) {
    return refuse(`it is larger than ${MAX_MANIFEST_BYTES} bytes`);
  }
  const text = await readFile(place, "utf8").catch((error: unknown) => ({ code: codeOf(error) }));
  if (typeof text === "object") return refuse(text.code);
  const fields = parseJsonc(text);
  if (fields === undefined) refuse("it is no object of JSON");
  return { path, text, fields };
}

function codeOf(error: unknown): string {
  // An error of the system has a code.
  return (error as { code?: string }).code ?? String(error);
}

/** Reads what is installed of what is listed; nothing without a manifest. */
export async function collectPackages(
  root: string,
  { package: manifest, deno }: Pick<ManifestFacts, "package" | "deno">,
): Promise<PackagesFacts> {
  const listed = new Map([...listedOf(manifest?.fields), ...denoPackages(deno?.fields)]);
  const found = await Promise.all(
    [...new Set([...listed.keys(), "vite"])].map((name) => findPackage(root, name)),
  );
  return {
    listed,
    installed: new Map(
      found.filter((each) => each !== undefined).map((each) => [each.name, each]),
    ),
    vites: await findVites(root),
  };
}

function listedOf(fields: Fields | undefined): (readonly [string, string])[] {
  return ["dependencies", "devDependencies"].flatMap((key) => {
    const group = fields?.[key];
    if (typeof group !== "object" || group === null) return [];
    return Object.entries(group).flatMap(([name, range]) =>
      // A name is part of a path from here on.
      typeof range === "string" && isPackageName(name) ? [[name, range] as const] : []
    );
  });
}

function isPackageName(name: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name) && name.length <= 214;
}

/** Case: "npm:vite@^8.0.0" -> ["vite", "^8.0.0"] */
function denoPackages(fields: Fields | undefined): (readonly [string, string])[] {
  const imports = fields?.["imports"];
  if (typeof imports !== "object" || imports === null) return [];
  return Object.values(imports).flatMap((specifier) => {
    const match = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?$/.exec(String(specifier));
    const [, name = "", range = "*"] = match ?? [];
    return match === null || !isPackageName(name) ? [] : [[name, range] as const];
  });
}

async function findPackage(root: string, name: string): Promise<PackageFact | undefined> {
  for (let folder = root;; folder = dirname(folder)) {
    const found = await readPackage(join(folder, "node_modules", name));
    if (found !== undefined) return { ...found, name };
    if (dirname(folder) === folder) return undefined;
  }
}

async function readPackage(folder: string): Promise<PackageFact | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  const fields = text === undefined ? undefined : parseJsonc(text);
  if (fields === undefined) return undefined;
  const text_ = (value: unknown): string | undefined =>
    typeof value === "string" ? value : undefined;
  return {
    name: text_(fields["name"]) ?? "",
    version: text_(fields["version"]) ?? "0.0.0",
    folder,
    nodeRange: text_(recordOf(fields["engines"])["node"]),
    peers: recordOf(fields["peerDependencies"]),
  };
}

function recordOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

/** Every Vite below the root's `node_modules`, each once however often it is linked. */
async function findVites(root: string): Promise<PackagesFacts["vites"]> {
  const modules = join(root, "node_modules");
  const names = (await namesIn(modules)).slice(0, MAX_PACKAGES);
  const scopes = names.filter((name) => name.startsWith("@"));
  const scoped = await Promise.all(
    scopes.map(async (scope) =>
      (await namesIn(join(modules, scope))).map((name) => `${scope}/${name}`)
    ),
  );
  const packages = [...names.filter((name) => !/^[.@]/.test(name)), ...scoped.flat()];
  const stores = await Promise.all(
    [".pnpm", ".deno", ".bun"].map(async (store) =>
      (await namesIn(join(modules, store))).filter((name) => /^vite@\d/.test(name))
        .map((name) => join(modules, store, name, "node_modules", "vite"))
    ),
  );
  const folders = [
    join(modules, "vite"),
    ...packages.map((name) => join(modules, name, "node_modules", "vite")),
    ...stores.flat(),
  ];
  const found = await Promise.all(folders.map(async (folder) => {
    const read = await readPackage(folder);
    if (read === undefined) return undefined;
    return { folder: await realpath(folder).catch(() => folder), version: read.version };
  }));
  const once = new Map(
    found.filter((each) => each !== undefined).map((each) => [each.folder, each]),
  );
  return [...once.values()];
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
