import { deepEqual, equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { sidecarSourceOf } from "../../cli/sidecar_source.ts";
import { test } from "../_support/test.ts";

const of = (url: string) => sidecarSourceOf(url, "0.1.0", fileURLToPath);

test("sidecarSourceOf() makes a published program a package of the project", () => {
  const published = {
    program: "node_modules/@lv/sidecar/mod.js",
    dependency: "npm:@jsr/lv__sidecar@^0.1.0",
    isProgram: true,
  };
  deepEqual(of("https://jsr.io/@lv/sidecar/0.1.0/mod.ts"), published);
  deepEqual(of("file:///app/node_modules/@lv/sidecar/mod.js"), published);
});

test("sidecarSourceOf() runs a checkout from where it is", () => {
  deepEqual(of("file:///src/a%20b/mod.ts"), {
    program: "/src/a b/mod.ts",
    dependency: "file:/src/a b/tools/npm",
    isProgram: false,
  });
});

test("sidecarSourceOf() runs what came from a URL from there", () => {
  const { program, isProgram } = of("http://127.0.0.1:8080/mod.ts");
  equal(program, "http://127.0.0.1:8080/mod.ts");
  equal(isProgram, false);
});
