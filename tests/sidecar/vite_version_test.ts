import { deepEqual, equal } from "node:assert/strict";
import { acceptsVersion, adviseOnVersion, isVersionAtLeast } from "../../sidecar/vite_version.ts";
import { test } from "../_support/test.ts";

const RANGE = "^20.19.0 || >=22.12.0";

test("acceptsVersion() understands the ranges of Vite's own engines field", () => {
  const accepted = ["20.19.0", "20.20.2", "22.12.0", "24.0.1", "25.1.0-nightly"];
  const refused = ["18.20.0", "20.18.9", "21.7.0", "22.11.9"];
  for (const version of accepted) equal(acceptsVersion(RANGE, version), true, version);
  for (const version of refused) equal(acceptsVersion(RANGE, version), false, version);
});

test("acceptsVersion() accepts what it can't read", () => {
  equal(acceptsVersion("*", "4.0.0"), true);
  equal(acceptsVersion("20.x", "4.0.0"), true);
});

test("isVersionAtLeast() compares numbers, not text", () => {
  equal(isVersionAtLeast("8.10.0", [8, 9, 9]), true);
  equal(isVersionAtLeast("8.9.9", [8, 10, 0]), false);
  equal(isVersionAtLeast("8.3.8", [8, 3, 8]), true);
});

test("adviseOnVersion() judges the limits exactly", () => {
  deepEqual(adviseOnVersion("5.4.21"), {
    isSupported: false,
    isSafeRemote: false,
    updateTo: undefined,
  });
  deepEqual(adviseOnVersion("6.4.3"), { isSupported: true, isSafeRemote: true, updateTo: "6.4.6" });
  deepEqual(adviseOnVersion("7.3.4"), {
    isSupported: true,
    isSafeRemote: false,
    updateTo: "7.3.8",
  });
  deepEqual(adviseOnVersion("8.3.8"), {
    isSupported: true,
    isSafeRemote: true,
    updateTo: undefined,
  });
  deepEqual(adviseOnVersion("9.0.0"), {
    isSupported: true,
    isSafeRemote: true,
    updateTo: undefined,
  });
});
