/**
 * `.litestar.json`: what a Litestar application with litestar-vite says of its front end.
 *
 * @module
 */

import { isAbsolute, join, resolve } from "node:path";

/** Where it is, relative to the project's root; the variable names another one. */
export const BRIDGE_FILE = ".litestar.json";
/** The variable that names it. */
export const BRIDGE_VARIABLE = "LITESTAR_VITE_CONFIG_PATH";

/** What is read of it; paths are relative to the project's root. */
export interface BridgeFile {
  /** Where built files are served. */
  readonly assetUrl?: string;
  /** The same for a build alone. */
  readonly deployAssetUrl?: string;
  readonly bundleDir?: string;
  readonly resourceDir?: string;
  readonly staticDir?: string;
  readonly hotFile?: string;
  readonly manifest?: string;
  readonly ssrOutDir?: string;
  readonly mode?: "spa" | "template" | "hybrid" | "framework" | "external";
  /** The folder of generated files. */
  readonly generatedDir?: string;
  readonly staticProps?: Readonly<Record<string, unknown>>;
}

/** What was read, and what could not be. */
export interface BridgeReading {
  readonly bridge: BridgeFile;
  /** One sentence for each, without a full stop. */
  readonly warnings: readonly string[];
}

const TEXTS = [
  ...["assetUrl", "deployAssetUrl", "bundleDir", "resourceDir", "staticDir", "hotFile"],
  ...["manifest", "ssrOutDir"],
] as const;
const MODES = ["spa", "template", "hybrid", "framework", "external"] as const;
/** What the file holds beside; it is for litestar-vite's own plugin. */
const OTHERS: readonly string[] = [
  ...["appUrl", "litestarPort", "proxyMode", "csrfCookieName", "csrfHeaderName", "port", "host"],
  ...["logging", "spa", "executor", "litestarVersion"],
];
const KNOWN: ReadonlySet<string> = new Set([...TEXTS, ...OTHERS, "mode", "types", "staticProps"]);

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads the text of `.litestar.json`.
 *
 * Each key counts by itself: one that is wrong is left out and told, and the rest holds. The file belongs to another
 * program, whose versions differ.
 *
 * @param place Where it comes from, for messages.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If it is not an object.
 */
export function parseBridgeFile(text: string, place: string): BridgeReading {
  const fields = parseFields(text, place);
  const warnings: string[] = [];
  const refuse = (key: string, state: string): void => {
    warnings.push(`Cannot use "${key}" of "${place}": ${state}`);
  };
  for (const key of Object.keys(fields)) if (!KNOWN.has(key)) refuse(key, "it is not known");
  const bridge: Record<string, unknown> = {};
  for (const key of TEXTS) {
    const value = fields[key];
    if (typeof value === "string" && value !== "") bridge[key] = value;
    else if (value !== undefined && value !== null) refuse(key, "it is not a text");
  }
  const { mode, types, staticProps } = fields;
  const known = MODES.find((each) => each === mode);
  if (known !== undefined) bridge["mode"] = known;
  else if (mode !== undefined) refuse("mode", `it is none of ${MODES.join(", ")}`);
  if (isObject(types) && typeof types["output"] === "string" && types["output"] !== "") {
    bridge["generatedDir"] = types["output"];
  }
  if (isObject(staticProps)) bridge["staticProps"] = staticProps;
  else if (staticProps !== undefined && staticProps !== null) {
    refuse("staticProps", "it is not an object");
  }
  // Each key was checked for what it is to hold.
  return { bridge: bridge as BridgeFile, warnings };
}

function parseFields(text: string, place: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${place}": it is not JSON`, { cause });
  }
  if (isObject(value)) return value;
  throw new TypeError(`Cannot read "${place}": it is not an object`);
}

/**
 * Finds the hot file: litestar-vite counts it from the bundle directory, unless it begins with that.
 *
 * @param bundleDir Absolute.
 * @returns Its absolute path; `undefined` if the file names none.
 */
export function hotFileOfBridge(
  { hotFile }: BridgeFile,
  root: string,
  bundleDir: string,
): string | undefined {
  if (hotFile === undefined) return undefined;
  const isWhole = isAbsolute(hotFile) ||
    resolve(root, hotFile).startsWith(join(bundleDir, "/"));
  return isWhole ? resolve(root, hotFile) : resolve(bundleDir, hotFile);
}
