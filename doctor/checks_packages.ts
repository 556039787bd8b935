/**
 * Checks of what is installed, and of what runs it.
 *
 * @module
 */
import { adviseOnVersion } from "../sidecar/vite_version.ts";
import type { Check } from "./check.ts";
import { error, type Finding, info, show, warning } from "./finding.ts";
import { editValue, editValues } from "./json_edit.ts";
import { ENGINE_PACKAGES, LOCK_FILES, LOCKSTEP } from "./package_rules.ts";
import { known } from "./part.ts";
import type { JsonFile, PackageFact, Snapshot } from "./snapshot.ts";
import { isInRange } from "./version_range.ts";

/** The package manager that a project seems to use. */
function managerOf(snapshot: Snapshot): string {
  const { locks, deno, package: manifest } = known(snapshot.manifests);
  const declared = String(manifest?.fields?.["packageManager"] ?? "").split("@")[0];
  if (declared !== undefined && Object.values(LOCK_FILES).includes(declared)) return declared;
  const [first] = locks;
  if (first !== undefined) return LOCK_FILES[first] ?? "npm";
  return manifest === undefined && deno !== undefined ? "deno" : "npm";
}

const manifestFiles: Check = {
  id: "manifest-files",
  title: "package.json, deno.json and tsconfig.json can be read",
  look: (snapshot) => {
    const { problems, package: manifest, deno } = known(snapshot.manifests);
    const broken = problems.map((message): Finding =>
      error({ message, fix: "mend the file: nothing can be installed or started without it" })
    );
    if (manifest !== undefined || deno !== undefined || broken.length > 0) return broken;
    return [error({
      message: `Cannot find a front end in "${snapshot.root}": there is no package.json`,
      fix: "choose its folder with --root, or make one with the command init",
    })];
  },
};

const runtimeVersion: Check = {
  id: "runtime-version",
  title: "the runtime is one that the front end's tools accept",
  look: (snapshot) => {
    const { used } = known(snapshot.runtimes);
    // Deno and Bun say which Node they stand for, and tools do not ask them.
    if (used?.executor !== "node") return [];
    const { installed } = known(snapshot.packages);
    return ENGINE_PACKAGES.flatMap((name): Finding[] => {
      const found = installed.get(name);
      const range = found?.nodeRange;
      if (found === undefined || range === undefined || isInRange(range, used.version)) return [];
      return [error({
        message:
          `Cannot run ${name} ${found.version} under node ${used.version}: it wants ${range}`,
        evidence: [used.command],
        fix: otherRuntime(snapshot, range),
      })];
    });
  },
};

function otherRuntime(snapshot: Snapshot, range: string): string {
  const { available } = known(snapshot.runtimes);
  const other = available.find(({ executor }) => executor !== "node");
  return other === undefined
    ? `install a node that is ${range}`
    : `install a node that is ${range}, or choose --executor ${other.executor}`;
}

const executorMissing: Check = {
  id: "executor-missing",
  title: "the runtime that was asked for is there",
  look: (snapshot) => {
    const { used, wanted, available } = known(snapshot.runtimes);
    if (used !== undefined) return [];
    const [other] = available;
    const { file, sources } = snapshot.options;
    const source = sources.get("executor");
    // Only a value that stands in the file can be mended there.
    const edits = other === undefined || file === undefined || wanted === undefined ||
        source === undefined || !source.includes(file.path)
      ? []
      : editLiteral(file, "executor", wanted, other.executor);
    return [error({
      message: `Cannot run Vite under "${wanted ?? "node"}": it is not on the PATH`,
      evidence: source === undefined ? [] : [`from ${source}`],
      fix: other === undefined
        ? "install node, bun or deno"
        : `install it, or choose --executor ${other.executor}, which is there`,
      edits,
    })];
  },
};

/** Sets a text in a module, where it stands there exactly once. */
function editLiteral(
  { path, text }: { readonly path: string; readonly text: string },
  key: string,
  from: string,
  to: string,
): Finding["edits"] {
  const pattern = new RegExp(`(\\b${key}\\s*:\\s*)(["'])${from}\\2`, "g");
  if ([...text.matchAll(pattern)].length !== 1) return [];
  const after = text.replace(
    pattern,
    (_, before: string, quote: string) => before + quote + to + quote,
  );
  return [{ kind: "write", path, before: text, after }];
}

const packagesMissing: Check = {
  id: "packages-missing",
  title: "what the project lists is installed",
  look: (snapshot) => {
    const manifests = known(snapshot.manifests);
    const { installed, listed } = known(snapshot.packages);
    const fix = `${managerOf(snapshot)} install`;
    const missing = [...listed.keys()].filter((name) => !installed.has(name));
    if (missing.length > 0) {
      return [error({
        message: `Cannot find ${missing.length} of ${listed.size} listed packages in node_modules`,
        evidence: missing.slice(0, 8),
        fix,
      })];
    }
    const outdated = [...listed].flatMap(([name, range]) => {
      const found = installed.get(name);
      return found === undefined || isInRange(range, found.version)
        ? []
        : [`${name} ${found.version}, listed as ${range}`];
    });
    if (outdated.length > 0) {
      return [error({
        message: "What is installed is not what package.json lists",
        evidence: outdated.slice(0, 8),
        fix,
      })];
    }
    const { lockedMs, installedMs } = manifests;
    if (lockedMs === undefined || installedMs === undefined || lockedMs <= installedMs + 5_000) {
      return [];
    }
    return [info({ message: "The lock file is newer than node_modules", fix })];
  },
};

const packageManagers: Check = {
  id: "package-managers",
  title: "one package manager looks after the project",
  look: (snapshot) => {
    const { locks } = known(snapshot.manifests);
    // Deno's lock file is about Deno's own imports, too: beside another one it says nothing wrong.
    const managers = new Set(
      locks.filter((lock) => lock !== "deno.lock").map((lock) => LOCK_FILES[lock]),
    );
    if (managers.size < 2) return [];
    return [warning({
      message: `${managers.size} package managers have locked versions: each installs others`,
      evidence: locks,
      fix: `keep the lock file of one of them, and remove the others and node_modules`,
    })];
  },
};

const twoVites: Check = {
  id: "two-vites",
  title: "there is one Vite, and the plugins accept it",
  look: (snapshot) => {
    const { vites, installed } = known(snapshot.packages);
    const versions = new Set(vites.map(({ version }) => version));
    const findings: Finding[] = [];
    if (versions.size > 1) {
      findings.push(error({
        message:
          `${versions.size} versions of Vite are installed: a plugin that gets another one ` +
          "than the project breaks in strange ways",
        evidence: vites.map(({ folder, version }) => `${version} in ${folder}`),
        fix: 'add "overrides": { "vite": "$vite" } to package.json and install again',
      }));
    }
    const vite = installed.get("vite");
    if (vite === undefined) return findings;
    return [...findings, ...[...installed.values()].flatMap((found) => peerProblem(found, vite))];
  },
};

function peerProblem(found: PackageFact, vite: PackageFact): Finding[] {
  const range = found.peers["vite"];
  if (range === undefined || isInRange(range, vite.version)) return [];
  return [error({
    message: `${found.name} ${found.version} wants Vite ${range}, and ${vite.version} is installed`,
    fix: `install a ${found.name} for Vite ${vite.version.split(".")[0]}`,
  })];
}

const lockstep: Check = {
  id: "lockstep",
  title: "packages of one release have one version",
  look: (snapshot) => {
    const { installed } = known(snapshot.packages);
    const { package: manifest } = known(snapshot.manifests);
    return LOCKSTEP.flatMap(({ what, belongs, until }): Finding[] => {
      const group = [...installed.values()].filter(({ name }) => belongs.test(name));
      const keys = new Set(group.map(({ version }) => versionKey(version, until)));
      if (keys.size < 2) return [];
      return [error({
        message: `${what} have different versions, and are made for each other`,
        evidence: group.map(({ name, version }) => `${name} ${version}`),
        fix: "give them one version in package.json and install again",
        edits: manifest === undefined ? [] : sameVersions(manifest, group),
      })];
    });
  },
};

/** Case: 3.7.1, minor -> 3.7 */
function versionKey(version: string, until: "exact" | "minor" | "major"): string {
  const parts = { exact: 3, minor: 2, major: 1 }[until];
  return version.split(".").slice(0, parts).join(".");
}

/** Gives all the highest version that is installed, in package.json. */
function sameVersions(manifest: JsonFile, group: readonly PackageFact[]): Finding["edits"] {
  const versions = group.map(({ version }) => version);
  const highest = versions.reduce((a, b) => isInRange(`>=${a}`, b) ? b : a);
  const changes = group.flatMap(({ name }) => {
    const range = rangeOf(manifest, name);
    return range === undefined || range === highest
      ? []
      : [{ key: name, from: range, to: highest }];
  });
  return editValues(manifest, changes);
}

function rangeOf({ fields }: JsonFile, name: string): string | undefined {
  for (const key of ["dependencies", "devDependencies"]) {
    const group = fields?.[key];
    // Any object can be asked for any name.
    const range = typeof group === "object" && group !== null
      ? (group as Record<string, unknown>)[name]
      : undefined;
    if (typeof range === "string") return range;
  }
  return undefined;
}

const denoNodeModules: Check = {
  id: "deno-node-modules",
  title: "Deno gives Vite a node_modules",
  look: (snapshot) => {
    const { deno } = known(snapshot.manifests);
    if (deno === undefined) return [];
    const value = deno.fields?.["nodeModulesDir"];
    if (value !== "none" && value !== false) return [];
    return [error({
      message: `"nodeModulesDir" is ${show(value)} in ${deno.path}: what vite.config imports ` +
        "can't be found then",
      evidence: [deno.path],
      fix: 'set it to "manual" where another package manager installs, or else to "auto"',
      edits: editValue(deno, "nodeModulesDir", "none", "manual"),
    })];
  },
};

const vulnerableVite: Check = {
  id: "vulnerable-vite",
  title: "Vite has no known holes",
  look: (snapshot) => {
    const vite = known(snapshot.packages).installed.get("vite");
    if (vite === undefined) return [];
    const { isSupported, updateTo } = adviseOnVersion(vite.version);
    if (!isSupported) {
      return [error({
        message: `Cannot run Vite ${vite.version}: the oldest that works here is 6.0.0`,
        fix: "npm install --save-dev vite@latest",
      })];
    }
    return updateTo === undefined ? [] : [error({
      message: `Vite ${vite.version} has known security holes`,
      evidence: [vite.folder],
      fix: `npm install --save-dev vite@${updateTo}`,
    })];
  },
};

/** Checks of packages. */
export const PACKAGE_CHECKS: readonly Check[] = [
  manifestFiles,
  packagesMissing,
  runtimeVersion,
  executorMissing,
  packageManagers,
  twoVites,
  lockstep,
  denoNodeModules,
  vulnerableVite,
];
