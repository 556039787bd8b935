import { deepEqual, equal, notEqual } from "node:assert/strict";
import { installationProblem, PINNED, planHeyApi, resultKey } from "../../typegen/hey_api_plan.ts";
import { test } from "../_support/test.ts";
import { requestOf } from "./_support/api.ts";

test("installationProblem() accepts what the generator can be loaded with", () => {
  for (const typescript of ["5.5.3", "5.9.3", "6.0.3"]) {
    equal(installationProblem({ heyApi: "0.99.4", typescript }), undefined);
  }
  const state = (heyApi: string, typescript: string | undefined): string | undefined =>
    installationProblem({ heyApi, typescript });
  equal(state("0.99.0", "7.0.2"), "it finds TypeScript 7.0.2, with which it can't be loaded");
  equal(state("0.99.0", "5.4.5"), "it finds TypeScript 5.4.5, with which it can't be loaded");
  equal(state("0.99.0", undefined), "it finds no TypeScript");
  equal(state("0.95.0", "5.9.3"), "it is 0.95.0, and 0.99 is needed");
});

test("planHeyApi() takes the schemas' API from the project's own zod", () => {
  const majorOf = (version: string | undefined): unknown =>
    planHeyApi(requestOf({}, "/c"), version).plugins.find(({ name }) => name === "zod")
      ?.["compatibilityVersion"];
  deepEqual(["3.25.1", "^3", "4.1.0", "^4.0.0", "", undefined].map(majorOf), [3, 3, 4, 4, 4, 4]);
});

test("planHeyApi() names each plugin once", () => {
  const plan = planHeyApi(requestOf({}, "/c", { client: "ky", plugins: ["zod", "valibot"] }), "4");
  deepEqual(plan.plugins.map(({ name }) => name), [
    "@hey-api/typescript",
    "@hey-api/client-ky",
    "@hey-api/sdk",
    "zod",
    "valibot",
  ]);
});

test("resultKey() is another one for whatever makes another result", () => {
  const plan = planHeyApi(requestOf({}, "/c"), "4.0.0");
  const key = resultKey("{}", plan, PINNED, "program");
  equal(resultKey("{}", plan, PINNED, "program"), key);
  notEqual(resultKey("[]", plan, PINNED, "program"), key);
  notEqual(resultKey("{}", { ...plan, zod: "4.0.1" }, PINNED, "program"), key);
  notEqual(resultKey("{}", plan, { ...PINNED, typescript: "5.9.3" }, "program"), key);
  notEqual(resultKey("{}", plan, PINNED, "programs"), key);
});
