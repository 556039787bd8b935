/**
 * What `.litestar.json` says of the files that litestar-vite exports.
 *
 * @module
 */
import type { BridgeTypes } from "./options.ts";

const NAMES = ["output", "routesPath", "openapiPath", "pagePropsPath"] as const;

/** Reads the part `types`; whatever is not as it should be is left out, for whoever serves the app tells of it. */
export function parseBridgeTypes(text: string): BridgeTypes {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return {};
  }
  const types = fieldsOf(fieldsOf(value)["types"]);
  return Object.fromEntries(
    NAMES.map((name) => [name, types[name]]).filter(([, each]) =>
      typeof each === "string" && each !== ""
    ),
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
