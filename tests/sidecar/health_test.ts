import { equal } from "node:assert/strict";
import { type Health, healthResponse } from "../../sidecar/health.ts";
import { test } from "../_support/test.ts";

const WELL: Health = { isClosing: false, isDown: false };

async function answer(name: string, health: Health): Promise<string> {
  const response = healthResponse(name, health);
  if (response === undefined) return "none";
  return `${response.status} ${await response.text()}`;
}

test("healthResponse() tells a process that lives from one that is worth requests", async () => {
  const rows: readonly (readonly [string, Partial<Health>, string])[] = [
    ["healthz", {}, "200 ok\n"],
    ["healthz", { isClosing: true }, "200 ok\n"],
    ["healthz", { isDown: true }, "200 ok\n"],
    ["readyz", {}, "200 ok\n"],
    ["readyz", { isClosing: true }, "503 not ready\n"],
    ["readyz", { isDown: true }, "503 not ready\n"],
    ["readyz", { isClosing: true, isDown: true }, "503 not ready\n"],
  ];
  for (const [name, health, expected] of rows) {
    equal(
      await answer(name, { ...WELL, ...health }),
      expected,
      `${name} ${JSON.stringify(health)}`,
    );
  }
});

test("healthResponse() answers no other name", async () => {
  for (const name of ["", "health", "healthz/", "readyz/x", "HEALTHZ", "toString"]) {
    equal(await answer(name, WELL), "none", name);
  }
});

test("healthResponse() is kept by nobody", () => {
  for (const name of ["healthz", "readyz"]) {
    equal(healthResponse(name, WELL)?.headers.get("cache-control"), "no-store");
  }
});
