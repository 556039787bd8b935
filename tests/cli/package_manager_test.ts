import { deepEqual, equal, match } from "node:assert/strict";
import { installProblem, packageCommand, packageManagerOf } from "../../cli/package_manager.ts";
import { test } from "../_support/test.ts";

test("packageManagerOf() takes whoever wrote the lock file", () => {
  equal(packageManagerOf(["package.json", "bun.lock"], "node"), "bun");
  equal(packageManagerOf(["pnpm-lock.yaml"], "deno"), "pnpm");
  equal(packageManagerOf(["yarn.lock"], "bun"), "yarn");
  equal(packageManagerOf(["deno.lock"], "node"), "deno");
});

test("packageManagerOf() takes npm where its lock file lies beside that of Deno's server", () => {
  equal(packageManagerOf(["deno.lock", "package-lock.json"], "deno"), "npm");
});

test("packageManagerOf() takes the executor's without a lock file", () => {
  deepEqual(
    (["node", "bun", "deno"] as const).map((executor) => packageManagerOf([], executor)),
    ["npm", "bun", "deno"],
  );
});

test("packageCommand() stays within the ranges of package.json", () => {
  deepEqual(packageCommand("npm", "install"), ["npm", "install"]);
  deepEqual(packageCommand("bun", "update"), ["bun", "update"]);
  deepEqual(packageCommand("yarn", "update"), ["yarn", "upgrade"]);
});

test("installProblem() tells a registry that can't be reached, in the words of each manager", () => {
  for (
    const output of [
      "npm error code ENOTFOUND",
      "npm error request to https://registry.npmjs.org/vite failed, reason: connect ECONNREFUSED",
      "error: ConnectionRefused downloading package manifest vite",
      "error: error sending request for url (https://registry.npmjs.org/vite): tcp connect error",
      "NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')",
    ]
  ) match(installProblem(["npm", "install"], output).message, /cannot be reached$/, output);
});

test("installProblem() tells another failure by its last words", () => {
  const output = `${"noise\n".repeat(50)}npm error code ERESOLVE\n`;
  const { message, cause } = installProblem(["npm", "install"], output);
  match(message, /it failed$/);
  match(cause, /ERESOLVE$/);
  equal(cause.split("\n").length, 8);
});
