/**
 * Which package manager a project uses, and what it is told.
 *
 * @module
 */
import type { Executor } from "../sidecar/config_types.ts";
import { PACKAGE_MANAGERS } from "./scaffold_words.ts";

/** A package manager. */
export type PackageManager = "npm" | "bun" | "deno" | "pnpm" | "yarn";

/** Lock files; the first that is there says who wrote it. */
const LOCK_FILES: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["deno.lock", "deno"],
];

/**
 * Chooses the package manager: whoever wrote the lock file, else the one of what runs Vite.
 *
 * @param files The names in the project's folder.
 */
export function packageManagerOf(files: readonly string[], executor: Executor): PackageManager {
  return LOCK_FILES.find(([file]) => files.includes(file))?.[1] ?? PACKAGE_MANAGERS[executor];
}

/** The words of a command that installs what `package.json` asks for, or newer versions within its ranges. */
export function packageCommand(
  manager: PackageManager,
  task: "install" | "update",
): readonly string[] {
  if (task === "install") return [manager, "install"];
  return manager === "yarn" ? ["yarn", "upgrade"] : [manager, "update"];
}

/** What says in a package manager's output that nobody was reached. */
const OFFLINE_REGEXP =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ConnectionRefused|FailedToOpenSocket|Could not resolve host|dns error|tcp connect error|error sending request|network is unreachable|Temporary failure in name resolution|NewConnectionError/i;

/** Says why packages could not be installed, in the words of an error. */
export function installProblem(
  argv: readonly string[],
  output: string,
): { readonly message: string; readonly cause: string } {
  const command = argv.join(" ");
  const isOffline = OFFLINE_REGEXP.test(output);
  const last = output.trim().split("\n").filter((line) => line.trim() !== "").slice(-8).join("\n");
  return {
    message: isOffline
      ? `Cannot install packages by "${command}": their registry cannot be reached`
      : `Cannot install packages by "${command}": it failed`,
    cause: last,
  };
}

/** Variables with which npm gives up in seconds where there is no network: by itself it takes minutes. */
export const PATIENCE: Readonly<Record<string, string>> = {
  npm_config_fetch_retries: "1",
  npm_config_fetch_retry_mintimeout: "500",
  npm_config_fetch_retry_maxtimeout: "2000",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_RETRIES: "1",
};
