/** `@std/http` for this repository; see `tools/std/path/mod.ts`. @module */
export * from "./status.ts";
