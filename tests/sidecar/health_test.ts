import { equal } from "node:assert/strict";
import {
  type Health,
  type HealthName,
  healthNameOf,
  healthResponse,
} from "../../sidecar/health.ts";
import { test } from "../_support/test.ts";

const WELL: Health = { isClosing: false, isDown: false };

async function answer(name: HealthName, health: Health): Promise<string> {
  const response = healthResponse(name, health);
  return `${response.status} ${await response.text()}`;
}

test("healthResponse() tells a process that lives from one that is worth requests", async () => {
  const rows: readonly (readonly [HealthName, Partial<Health>, string])[] = [
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

test("healthNameOf() finds the name below the configured path, and no other", () => {
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ["/healthz", "/", "healthz"],
    ["/readyz", "/", "readyz"],
    ["/_/readyz", "/_/", "readyz"],
    ["/readyz", "/_/", undefined],
    ["/_/readyz", "/", undefined],
    ["/healthz", undefined, undefined],
    ["/", "/", undefined],
    ["/health", "/", undefined],
    ["/healthz/", "/", undefined],
    ["/HEALTHZ", "/", undefined],
    ["/toString", "/", undefined],
  ];
  for (const [path, prefix, expected] of rows) {
    equal(healthNameOf(path, prefix), expected, `${path} below ${prefix}`);
  }
});

test("healthResponse() is kept by nobody", () => {
  for (const name of ["healthz", "readyz"] as const) {
    equal(healthResponse(name, WELL).headers.get("cache-control"), "no-store");
  }
});
