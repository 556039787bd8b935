/**
 * Checks of where a project is: what servers left, the environment, the machine.
 *
 * @module
 */
import type { Check } from "./check.ts";
import { type Finding, info, warning } from "./finding.ts";
import { known } from "./part.ts";
import { frameworkOf } from "./project_facts.ts";
import type { Snapshot, SystemFacts } from "./snapshot.ts";

const leftovers: Check = {
  id: "leftovers",
  title: "nothing says that a server runs which does not",
  look: (snapshot) =>
    known(snapshot.leftovers).flatMap(({ path, text, what, staleWhy }) =>
      staleWhy === undefined ? [] : [warning({
        message: `${what} "${path}" is left of a server that is gone: ${staleWhy}`,
        evidence: [path],
        fix: `rm ${path}`,
        edits: [{ kind: "remove", path, before: text }],
      })]
    ),
};

/** Fewer than these, and a project of a few thousand files hears of no change. */
const FEW_WATCHES = 16_384;
const MAX_SKEW_MS = 5_000;

const environment: Check = {
  id: "environment",
  title: "the machine and its variables are no trap",
  look: (snapshot) => {
    const { environment: env, ...system } = known(snapshot.system);
    const findings: Finding[] = [];
    const has = (name: string): boolean => (env[name] ?? "") !== "";
    if (env["NODE_ENV"] === "production" && snapshot.options.config?.dev !== false) {
      findings.push(warning({
        message:
          'NODE_ENV is "production": dev serves development code with the libraries of production',
        fix: "unset NODE_ENV",
      }));
    }
    const proxy = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"].find(has);
    const noProxy = `${env["NO_PROXY"] ?? ""},${env["no_proxy"] ?? ""}`;
    if (proxy !== undefined && !/(?:^|,)\s*(?:\*|localhost|127\.)/.test(noProxy)) {
      findings.push(info({
        message:
          `${proxy} is set, and NO_PROXY has no 127.0.0.1: an app that fetches from itself asks the proxy`,
        fix: "export NO_PROXY=127.0.0.1,localhost",
      }));
    }
    if (has("BUN_CONFIG_MAX_HTTP_REQUESTS") && Number(env["BUN_CONFIG_MAX_HTTP_REQUESTS"]) < 256) {
      findings.push(warning({
        message: "BUN_CONFIG_MAX_HTTP_REQUESTS is below 256: what the app fetches waits in a row",
        fix: "unset it",
      }));
    }
    return [
      ...findings,
      ...serverVariables(snapshot, env),
      ...machine(system),
      ...clock(snapshot, system.nowMs),
    ];
  },
};

/** What the servers of frameworks read, and their users did not mean. */
function serverVariables(
  snapshot: Snapshot,
  env: Readonly<Record<string, string | undefined>>,
): Finding[] {
  if (snapshot.packages.kind !== "known" || frameworkOf(snapshot) === undefined) return [];
  const names = ["PORT", "HOST", "NITRO_PORT", "NITRO_HOST"].filter((name) =>
    (env[name] ?? "") !== ""
  );
  return names.length === 0 ? [] : [warning({
    message: `${names.join(", ")} reach the server of the framework, which then listens elsewhere`,
    fix: `unset ${names.join(" ")}`,
  })];
}

function machine(
  { maxWatches, isWsl, isCaseSensitive, platform }: Omit<SystemFacts, "environment">,
): Finding[] {
  const findings: Finding[] = [];
  if (maxWatches !== undefined && maxWatches < FEW_WATCHES) {
    findings.push(warning({
      message: `Linux watches ${maxWatches} files for a user: edits go unheard in a larger project`,
      fix: "sudo sysctl fs.inotify.max_user_watches=524288",
    }));
  }
  if (isWsl) {
    findings.push(warning({
      message: "The root is on a drive of Windows (/mnt): no edit is heard there, and all is slow",
      fix: "move the project into the file system of Linux, as ~/project",
    }));
  }
  if (isCaseSensitive === false && platform === "linux") {
    findings.push(info({
      message:
        'The root is on a file system that takes "App.ts" for "app.ts": imports that work here fail elsewhere',
      fix: "turn on forceConsistentCasingInFileNames in tsconfig.json",
    }));
  }
  return findings;
}

/** A file from the future: its clock, or ours, is wrong. */
function clock({ files }: Snapshot, nowMs: number): Finding[] {
  if (files.kind !== "known") return [];
  const newest = Math.max(0, ...files.value.files.map(({ mtimeMs }) => mtimeMs));
  if (newest - nowMs <= MAX_SKEW_MS) return [];
  return [warning({
    message: `Files are ${
      Math.round((newest - nowMs) / 1000)
    } s from the future: what is new looks old`,
    fix: "set the clock of this machine, and of the one that has the files",
  })];
}

/** Checks of the machine. */
export const MACHINE_CHECKS: readonly Check[] = [leftovers, environment];
