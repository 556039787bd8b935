/** `@std/http/status` for this repository; see `tools/std/path/mod.ts`. @module */
import * as untyped from "deno-std/http/status.js";

// deno-std has no type declarations.
const status = untyped as unknown as { STATUS_TEXT: Record<number, string> };

/** Reason phrase by status code. */
export const STATUS_TEXT: Record<number, string> = status.STATUS_TEXT;
