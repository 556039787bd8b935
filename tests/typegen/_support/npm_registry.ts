/**
 * A registry of npm that has a few packages of our own, so that installing is tested without the network.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A version of a package. */
export interface FakePackage {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  readonly manifest?: object;
}

/** A running registry. */
export interface NpmRegistry {
  readonly url: string;
  /** What was asked for, in order. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

interface Packed {
  readonly manifest: object;
  readonly version: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function pack(name: string, { version, files, manifest = {} }: FakePackage): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), "lv-registry-"));
  try {
    const whole = { name, version, ...manifest };
    for (
      const [path, text] of Object.entries({ ...files, "package.json": JSON.stringify(whole) })
    ) {
      const file = join(folder, "package", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    execFileSync("tar", ["-czf", "package.tgz", "package"], { cwd: folder });
    const bytes = new Uint8Array(await readFile(join(folder, "package.tgz")));
    return { manifest: whole, version, bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts a registry; of each package the last version is the latest. */
export async function startNpmRegistry(
  packages: Readonly<Record<string, readonly FakePackage[]>>,
): Promise<NpmRegistry> {
  const packed = new Map<string, readonly Packed[]>();
  for (const [name, versions] of Object.entries(packages)) {
    packed.set(name, await Promise.all(versions.map((each) => pack(name, each))));
  }
  const paths: string[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    paths.push(path);
    const [, archive = "", number] = /^(.+)@(.+)\.tgz$/.exec(path) ?? [];
    const bytes = packed.get(archive)?.find(({ version }) => version === number)?.bytes;
    const versions = packed.get(path);
    if (bytes !== undefined) response.end(bytes);
    else if (versions === undefined) response.writeHead(404).end("{}");
    else {
      response.setHeader("content-type", "application/json").end(describe(url, path, versions));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address === "object" && address !== null) url = `http://127.0.0.1:${address.port}/`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, paths, close };
}

function describe(url: string, name: string, versions: readonly Packed[]): string {
  const entries = versions.map(({ manifest, version, bytes }) => {
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    const dist = { tarball: `${url}${name}@${version}.tgz`, integrity };
    return [version, { ...manifest, dist }] as const;
  });
  return JSON.stringify({
    name,
    "dist-tags": { latest: versions.at(-1)?.version },
    versions: Object.fromEntries(entries),
    time: Object.fromEntries(versions.map(({ version }) => [version, "2020-01-01T00:00:00.000Z"])),
  });
}
