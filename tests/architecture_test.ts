/**
 * Holds the import rules of the house, and `ARCHITECTURE.md` to the tree.
 *
 * Which file is pure is said in one place, the list in `ARCHITECTURE.md`; what each room may import, here.
 */
import { equal, fail } from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type ImportEdge, parseSourceModule, type SourceModule } from "./_support/source_module.ts";
import { type ListedEntry, parseRooms } from "./_support/rooms.ts";
import { repositoryRoot } from "./_support/project.ts";
import { test } from "./_support/test.ts";

/** Where imports may lead: a path, or with its `/` a folder; `as` narrows how. */
interface Target {
  readonly path: string;
  readonly as?: "type" | "dynamic" | "text";
}

interface Room {
  /** Its own files may always import each other, unless `sidecar/` says otherwise. */
  readonly path: string;
  readonly mayImport: readonly Target[];
  readonly libraries: readonly string[];
}

const NODE = "node:";

/** Published code alone; whatever stands in no room may not be imported by it. */
const ROOMS: readonly Room[] = [
  {
    path: "mod.ts",
    mayImport: [
      { path: "sidecar.ts" },
      { path: "sidecar/" },
      { path: "runtime/", as: "type" },
      { path: "cli/", as: "dynamic" },
      { path: "typegen/options.ts", as: "type" },
    ],
    libraries: [],
  },
  {
    path: "sidecar.ts",
    mayImport: [{ path: "sidecar/" }, { path: "runtime/" }, { path: "typegen/" }],
    libraries: [NODE, "@std/path"],
  },
  {
    path: "sidecar/",
    mayImport: [
      { path: "runtime/types.ts", as: "type" },
      // Words of a command line; the program itself is text.
      { path: "runtime/watchdog.ts" },
      { path: "runtime/ssr_program.ts" },
      { path: "runtime/node_server.ts" },
      { path: "codegen/static_props.ts" },
      // The mark alone: what the app answers, the router of the sidecar has to know.
      { path: "routes/find_route_table.ts" },
      { path: "typegen/options.ts", as: "type" },
      { path: "vite/runner.js", as: "text" },
      { path: "vite/build_runner.js", as: "text" },
      { path: "vite/framework_runner.js", as: "text" },
      { path: "vite/child.js", as: "text" },
      { path: "vite/config_runner.js", as: "text" },
      // What another program says of a project, read one way inside of Vite and outside.
      { path: "vite/bridge_file.ts" },
    ],
    libraries: [NODE, "@std/path", "@std/http", "zod"],
  },
  { path: "runtime/", mayImport: [], libraries: [NODE] },
  { path: "vite/", mayImport: [{ path: "codegen/" }], libraries: [NODE, "vite"] },
  {
    path: "cli/",
    mayImport: [
      { path: "sidecar.ts" },
      { path: "sidecar/" },
      { path: "codegen/" },
      { path: "routes/" },
      { path: "runtime/" },
      { path: "typegen/" },
      { path: "vite/bridge_file.ts" },
      { path: "doctor/" },
      { path: "deno.json" },
    ],
    libraries: [NODE, "@std/path", "@clack/prompts"],
  },
  {
    path: "doctor/",
    mayImport: [{ path: "sidecar/" }, { path: "typegen/" }, { path: "runtime/", as: "type" }],
    libraries: [NODE],
  },
  {
    path: "routes/",
    mayImport: [
      { path: "codegen/" },
      // What forms and validators say is read one way, with Inertia or without.
      { path: "inertia/form_fields.ts" },
      { path: "inertia/standard_schema.ts", as: "type" },
      { path: "inertia/validation.ts" },
    ],
    libraries: ["rou3"],
  },
  { path: "codegen/", mayImport: [], libraries: ["js-yaml"] },
  {
    path: "typegen/",
    mayImport: [
      { path: "codegen/" },
      { path: "runtime/types.ts", as: "type" },
      { path: "sidecar/executor.ts" },
      { path: "sidecar/framework.ts" },
      { path: "sidecar/installed_package.ts" },
      { path: "sidecar/nearest_name.ts" },
      { path: "vite/path_pattern.ts" },
      // As text, and by the program of hey-api, beside which it is placed.
      { path: "vite/child.js" },
    ],
    libraries: [NODE],
  },
  {
    path: "inertia/",
    mayImport: [],
    libraries: [
      ...["node:buffer", "node:crypto", "node:net", "node:process", "node:tls", "iron-webcrypto"],
    ],
  },
  { path: "htmx/", mayImport: [], libraries: [] },
  {
    path: "frameworks/",
    mayImport: [{ path: "vite/types_reload.ts" }, { path: "vite/vite_shape.ts", as: "type" }],
    libraries: [NODE],
  },
];

/** IO files of `sidecar/` meet in `sidecar.ts`; these few stand on each other. */
const IO_BELOW: Readonly<Record<string, readonly string[]>> = {
  // The composition root's two halves: what is behind the port, opened.
  "sidecar/app_source.ts": [
    "sidecar/backend_link.ts",
    "sidecar/backend_process.ts",
    "sidecar/entry_module.ts",
  ],
  "sidecar/vite_source.ts": [
    "sidecar/hot_file.ts",
    "sidecar/litestar_bridge.ts",
    "sidecar/vite_launch.ts",
    "sidecar/vite_link.ts",
    "sidecar/vite_process.ts",
  ],
  "sidecar/vite_process.ts": ["sidecar/leftovers.ts"],
  "sidecar/vite_launch.ts": ["sidecar/installed_package.ts"],
  // A request's way, from the front inwards.
  "sidecar/front.ts": ["sidecar/app_desk.ts"],
  "sidecar/app_desk.ts": ["sidecar/proxy.ts"],
  "sidecar/vite_desk.ts": ["sidecar/proxy.ts", "sidecar/page.ts", "sidecar/page_maker.ts"],
  "sidecar/built_desk.ts": ["sidecar/page_maker.ts"],
  "sidecar/built_ssr.ts": [
    "sidecar/ssr_keeper.ts",
    "sidecar/ssr_process.ts",
    "sidecar/ssr_worker.ts",
    "sidecar/vite_launch.ts",
  ],
  "sidecar/ssr_process.ts": ["sidecar/vite_process.ts"],
  "sidecar/framework_desk.ts": ["sidecar/app_desk.ts", "sidecar/assets.ts", "sidecar/proxy.ts"],
  "sidecar/framework_source.ts": [
    "sidecar/vite_launch.ts",
    "sidecar/vite_link.ts",
    "sidecar/vite_process.ts",
  ],
  "sidecar/site_desk.ts": ["sidecar/assets.ts"],
  "sidecar/built_source.ts": ["sidecar/assets.ts", "sidecar/manifest_file.ts"],
  "sidecar/page.ts": ["sidecar/page_maker.ts"],
  "sidecar/backend_link.ts": ["sidecar/proxy.ts"],
  "sidecar/socket_desk.ts": ["sidecar/app_desk.ts", "sidecar/bridge.ts"],
  "sidecar/bridge.ts": ["sidecar/websocket_opening.ts"],
  "sidecar/assets.ts": ["sidecar/asset_file.ts", "sidecar/asset_scan.ts"],
  "sidecar/retained_builds.ts": ["sidecar/asset_scan.ts"],
  "sidecar/upstream.ts": ["sidecar/deadlines.ts", "sidecar/exchange.ts"],
};

/** Modules of Node that compute and do nothing else. */
const PURE_LIBRARIES: readonly string[] = [
  "node:buffer",
  "node:crypto",
  "node:net",
  "node:path",
  "js-yaml",
  "rou3",
  "zod",
  "@std/path",
  "@std/http/status",
];

/** What makes a function answer differently from one call to the next, or reach out of it. */
const IMPURE_NAMES: readonly string[] = [
  "Date",
  "Math.random",
  "performance",
  "console",
  "crypto.getRandomValues",
  "crypto.randomUUID",
  "randomBytes",
  "randomInt",
  "randomUUID",
  "createServer",
  "createConnection",
  "fetch",
  "globalThis",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

const RUNTIME_NAMES: readonly string[] = ["Deno", "Bun"];

const read = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const rooms = parseRooms(read("ARCHITECTURE.md"));
const ignored = new Set(
  [".git/", ...read(".gitignore").split("\n")].map((line) => line.replace(/^\/|\/$/g, "")),
);
const published = ROOMS.flatMap(({ path }) => sourceFiles(path)).map((path) => ({
  path,
  source: parseSourceModule(path, read(path)),
}));

function sourceFiles(path: string): string[] {
  const stat = statSync(join(repositoryRoot, path), { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    // Templates are copied out, not imported.
    const names = readdirSync(join(repositoryRoot, path)).filter((name) => name !== "templates");
    return names.flatMap((name) => sourceFiles(posix.join(path, name)));
  }
  return stat !== undefined && /\.(ts|tsx|js|mjs)$/.test(path) ? [path] : [];
}

const isIn = (path: string, place: string): boolean =>
  place.endsWith("/") ? path.startsWith(place) : path === place;
const isRelative = (specifier: string): boolean => /^\.\.?\//.test(specifier);
const resolve = (from: string, specifier: string): string =>
  posix.join(posix.dirname(from), specifier);
const isPure = (path: string): boolean => rooms.get(path)?.mark === "P";

/** Fails with what was found, a line each. */
function none(found: readonly string[]): void {
  if (found.length > 0) fail(`\n${found.join("\n")}`);
}

/** Calls `rule` for each published file and joins what it found against it. */
function violations(rule: (path: string, source: SourceModule) => readonly string[]): string[] {
  return published.flatMap(({ path, source }) => rule(path, source));
}

function edges(path: string, source: SourceModule): readonly (ImportEdge & { target: string })[] {
  return source.imports
    .filter(({ specifier }) => isRelative(specifier))
    .map((edge) => ({ ...edge, target: resolve(path, edge.specifier) }));
}

function libraries({ imports }: SourceModule): readonly ImportEdge[] {
  return imports.filter(({ specifier }) => !isRelative(specifier));
}

const isLibrary = (specifier: string, allowed: readonly string[]): boolean =>
  allowed.some((name) =>
    name.endsWith(":")
      ? specifier.startsWith(name)
      : specifier === name || specifier.startsWith(`${name}/`)
  );

test("a room imports only the rooms below it", () => {
  none(
    violations((path, source) => {
      const room = ROOMS.find((room) => isIn(path, room.path));
      const allowed = [...room?.mayImport ?? [], { path: room?.path ?? "" }];
      return edges(path, source)
        .filter(({ target, kind }) =>
          !allowed.some((to: Target) =>
            isIn(target, to.path) && (to.as === undefined || to.as === kind)
          )
        )
        .map(({ target, kind, line }) =>
          `${path}:${line} imports ${target} (${kind}): ${room?.path} may import ` +
          allowed.map((to: Target) => `${to.as ?? ""} ${to.path}`.trim()).join(", ")
        );
    }),
  );
});

test("a room imports only the libraries that it is granted", () => {
  none(
    violations((path, source) => {
      const allowed = ROOMS.find((room) => isIn(path, room.path))?.libraries ?? [];
      return libraries(source)
        .filter(({ specifier }) => !isLibrary(specifier, allowed))
        .map(({ specifier, line }) =>
          `${path}:${line} imports ${specifier}: its room may import ${
            allowed.join(", ") || "none"
          }`
        );
    }),
  );
});

test("a pure file imports pure files and libraries that only compute", () => {
  none(
    violations((path, source) => {
      if (!isPure(path)) return [];
      const own = edges(path, source)
        .filter(({ target, kind }) => kind !== "type" && kind !== "text" && !isPure(target))
        .map(({ target, line }) => `${path}:${line} imports ${target}: P imports P only`);
      const foreign = libraries(source)
        .filter(({ specifier, kind }) => kind !== "type" && !isLibrary(specifier, PURE_LIBRARIES))
        .map(({ specifier, line }) =>
          `${path}:${line} imports ${specifier}: it does more than compute`
        );
      return [...own, ...foreign];
    }),
  );
});

test("a pure file neither waits nor reads a clock, chance, the environment or the network", () => {
  none(
    violations((path, { names, waits }) =>
      isPure(path)
        ? [...names.filter(({ name }) => IMPURE_NAMES.includes(name)), ...waits]
          .map(({ name, line }) => `${path}:${line} uses ${name}: it is listed as P`)
        : []
    ),
  );
});

test("the IO files of sidecar/ meet in sidecar.ts", () => {
  none(
    violations((path, source) =>
      edges(path, source)
        .filter(({ target, kind }) =>
          path.startsWith("sidecar/") && target.startsWith("sidecar/") && kind !== "type" &&
          !isPure(path) && !isPure(target) && !IO_BELOW[path]?.includes(target)
        )
        .map(({ target, line }) => `${path}:${line} imports ${target}: IO files meet in sidecar.ts`)
    ),
  );
});

test("only runtime/ names Deno or Bun", () => {
  none(
    violations((path, { identifiers }) =>
      path.startsWith("runtime/") ? [] : identifiers
        .filter(({ name }) => RUNTIME_NAMES.includes(name))
        .map(({ name, line }) => `${path}:${line} names ${name}: only runtime/ may`)
    ),
  );
});

test("published TypeScript has no default export", () => {
  none(
    violations((path, { defaultExports }) =>
      path.endsWith(".ts")
        ? defaultExports.map((line) => `${path}:${line} exports a default: names are exported`)
        : []
    ),
  );
});

test("mod.ts re-exports by name", () => {
  none(
    violations((path, { imports }) =>
      path === "mod.ts"
        ? imports.filter(({ isStar }) => isStar)
          .map(({ specifier, line }) => `${path}:${line} re-exports * of ${specifier}`)
        : []
    ),
  );
});

test("no published module imports itself through others", () => {
  const below = new Map(published.map(({ path, source }) => [
    path,
    edges(path, source).filter(({ kind }) => kind === "value").map(({ target }) => target),
  ]));
  const cycle = (path: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(" → ")];
    const found = (below.get(path) ?? []).flatMap((next) => cycle(next, [...trail, path]));
    // Seen: a second way here leads to nothing new.
    below.set(path, []);
    return found;
  };
  none(published.flatMap(({ path }) => cycle(path, [])));
});

test("an example imports its own files and packages, not this repository's", () => {
  const files = sourceFiles("examples/").filter((path) => !path.includes("node_modules/"));
  const found = files.flatMap((path) =>
    edges(path, parseSourceModule(path, read(path)))
      .filter(({ target }) => !isIn(target, `${path.split("/").slice(0, 2).join("/")}/`))
      .map(({ target, line }) => `${path}:${line} imports ${target}: examples import "@lv/sidecar"`)
  );
  none(found);
});

test("ARCHITECTURE.md lists what lies at the top, and nothing else", () => {
  const there = readdirSync(repositoryRoot, { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name) && !name.endsWith(".log"))
    .map((entry) => entry.isDirectory() ? `${entry.name}/` : entry.name)
    // git keeps no empty folder, so a clone has none.
    .filter((name) => !name.endsWith("/") || readdirSync(join(repositoryRoot, name)).length > 0);
  const listed = [...rooms].filter(([path]) => /^[^/]+\/?$/.test(path)).filter(isThere);
  none(differences(listed.map(([path]) => path), there));
});

test("ARCHITECTURE.md lists every file of the published rooms as P or IO, and none that is gone", () => {
  const files = published.map(({ path }) => path).filter((path) => path.includes("/"));
  const listed = [...rooms].filter(([, { mark }]) => mark !== undefined).filter(isThere);
  const inRooms = listed.map(([path]) => path).filter((path) => path.includes("/"));
  none(differences(inRooms, files));
});

test("ARCHITECTURE.md calls only what is missing not yet there", () => {
  const wrong = [...rooms].filter((entry) => !isThere(entry) && sourceFiles(entry[0]).length > 0);
  none(wrong.map(([path]) => path));
});

function differences(listed: readonly string[], there: readonly string[]): readonly string[] {
  return [
    ...there.filter((path) => !listed.includes(path)).map((path) => `${path} is not listed`),
    ...listed.filter((path) => !there.includes(path)).map((path) => `${path} is listed, but gone`),
  ];
}

function isThere([, { isPlanned }]: readonly [string, ListedEntry]): boolean {
  return !isPlanned;
}

test("the rules see the source", () => {
  equal(published.length > 10, true);
  equal(published.some(({ path }) => isPure(path)), true);
});
