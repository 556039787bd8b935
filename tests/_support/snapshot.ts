/**
 * Snapshots of a project in which nothing is wrong, and what a test changes in it.
 *
 * @module
 */
import { knownPart } from "../../doctor/part.ts";
import type {
  BuildFacts,
  FileFact,
  FilesFacts,
  JsonFile,
  LiveFacts,
  ManifestFacts,
  OptionsFacts,
  PackageFact,
  PackagesFacts,
  RuntimesFacts,
  Snapshot,
  SystemFacts,
  TypesFacts,
  ViteFacts,
} from "../../doctor/snapshot.ts";
import { resolveConfig, type SidecarOptions } from "../../sidecar/config.ts";

/** The root of all of them. */
export const ROOT = "/project";
const BUILT_MS = 1_000_000;

/** Changes some fields of a value. */
type Changes<T> = Partial<T>;

/** What differs from a healthy project. */
export interface SnapshotChanges {
  readonly manifests?: Changes<ManifestFacts>;
  /** Names with their version, or more. */
  readonly packages?: Readonly<Record<string, string | Partial<PackageFact>>>;
  readonly listed?: Readonly<Record<string, string>>;
  readonly vites?: PackagesFacts["vites"];
  readonly runtimes?: Changes<RuntimesFacts>;
  readonly options?: SidecarOptions;
  readonly optionFacts?: Changes<OptionsFacts>;
  /** Texts by path. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly files?: readonly FileFact[];
  /** Whether there is no `index.html`, as where a framework makes the pages. */
  readonly isPageless?: boolean;
  readonly vite?: Changes<Omit<ViteFacts, "server" | "build">> & {
    readonly server?: Changes<ViteFacts["server"]>;
    readonly build?: Changes<ViteFacts["build"]>;
  };
  readonly build?: Changes<BuildFacts>;
  readonly types?: Changes<TypesFacts>;
  readonly leftovers?: Snapshot["leftovers"];
  readonly system?: Changes<SystemFacts>;
  readonly live?: Changes<LiveFacts>;
}

/** A file of JSON, as it is written. */
export function jsonFile(
  path: string,
  fields: Record<string, unknown>,
  text: string = JSON.stringify(fields),
): JsonFile {
  return { path, text, fields };
}

function packagesOf(changes: SnapshotChanges): PackagesFacts {
  const given = { vite: "8.3.8", react: "19.3.1", ...changes.packages };
  const installed = new Map(
    Object.entries(given).map(([name, each]) => {
      const facts: Partial<PackageFact> = typeof each === "string" ? { version: each } : each;
      const folder = `${ROOT}/node_modules/${name}`;
      return [name, { name, version: "1.0.0", folder, nodeRange: undefined, peers: {}, ...facts }];
    }),
  );
  const listed = changes.listed ??
    Object.fromEntries([...installed.values()].map(({ name, version }) => [name, `^${version}`]));
  return {
    installed,
    listed: new Map(Object.entries(listed)),
    vites: changes.vites ?? [{ folder: `${ROOT}/node_modules/vite`, version: "8.3.8" }],
  };
}

function viteOf({ vite }: SnapshotChanges): ViteFacts {
  return {
    version: "8.3.8",
    configFile: `${ROOT}/vite.config.ts`,
    root: ROOT,
    base: "/",
    publicDir: `${ROOT}/public`,
    envPrefix: ["VITE_"],
    plugins: ["vite:react-refresh"],
    ...vite,
    server: {
      host: undefined,
      origin: undefined,
      cors: false,
      allowedHosts: [],
      proxy: [],
      hmr: {},
      ...vite?.server,
    },
    build: {
      base: "/",
      outDir: `${ROOT}/dist`,
      emptyOutDir: null,
      isSsr: false,
      manifest: false,
      ...vite?.build,
    },
  };
}

function filesOf({ texts = {}, files = [], isPageless }: SnapshotChanges): FilesFacts {
  const page = isPageless === true ? {} : { "index.html": "<h1></h1>" };
  const all = { ...page, "vite.config.ts": "export default {};", ...texts };
  return {
    isCut: false,
    texts: new Map(Object.entries(all)),
    files: [
      ...Object.entries(all).map(([path, text]) => ({ path, size: text.length, mtimeMs: 1 })),
      { path: "src/main.ts", size: 1, mtimeMs: 1 },
      ...files,
    ],
  };
}

const node = { executor: "node", command: "/bin/node", version: "22.23.3" } as const;

/** A project in which nothing is wrong, but for the changes. */
export function snapshotWith(changes: SnapshotChanges = {}): Snapshot {
  const config = resolveConfig({ cwd: ROOT, options: { entry: "server.ts", ...changes.options } });
  const url = "http://127.0.0.1:8000/";
  return {
    root: ROOT,
    options: { config, problems: [], sources: new Map(), file: undefined, ...changes.optionFacts },
    manifests: knownPart({
      package: jsonFile("package.json", { name: "project" }),
      deno: undefined,
      tsconfig: undefined,
      problems: [],
      locks: ["package-lock.json"],
      installedMs: 10,
      lockedMs: 5,
      ...changes.manifests,
    }),
    packages: knownPart(packagesOf(changes)),
    runtimes: knownPart({ used: node, wanted: undefined, available: [node], ...changes.runtimes }),
    files: knownPart(filesOf(changes)),
    vite: knownPart(viteOf(changes)),
    build: knownPart({
      folder: `${ROOT}/dist`,
      manifestPath: ".vite/manifest.json",
      builtMs: BUILT_MS,
      problems: [],
      missing: [],
      entries: ["index.html"],
      base: "/",
      ...changes.build,
    }),
    types: knownPart({
      kind: "same",
      output: "src/generated",
      files: [],
      problems: [],
      ...changes.types,
    }),
    leftovers: changes.leftovers ?? knownPart([]),
    system: knownPart({
      platform: "linux",
      environment: {},
      maxWatches: 524_288,
      isWsl: false,
      isCaseSensitive: true,
      nowMs: BUILT_MS,
      ...changes.system,
    }),
    live: knownPart({
      instances: [{
        pid: 7,
        url,
        mode: "dev",
        vite: { condition: "ready", port: 40_000, pid: 8, base: "/" },
        app: { kind: "backend", condition: "up", origin: "http://127.0.0.1:8001" },
      }],
      portOwner: undefined,
      modules: [],
      hmr: { isConnected: true, why: "" },
      hosts: [],
      backend: { origin: "http://127.0.0.1:8001", state: "up" },
      redirects: [],
      formStatus: undefined,
      listeners: [
        { address: "127.0.0.1", port: 8000, pid: 7, command: "deno" },
        { address: "127.0.0.1", port: 40_000, pid: 8, command: "node" },
        { address: "127.0.0.1", port: 8001, pid: 9, command: "python" },
      ],
      orphans: [],
      ...changes.live,
    }),
  };
}
