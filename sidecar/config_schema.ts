/**
 * The options: a schema for each, and how it is read from text.
 *
 * @module
 */
import { z } from "zod";
import { parseBoolean, parseList, parseWholeNumber } from "./config_text.ts";
import { FRAMEWORK_NAMES } from "./framework.ts";
import * as values from "./config_values.ts";
import { types } from "./types_schema.ts";

const { ALLOWED } = values;

/** One schema per option: it checks a value and brings it into the form that the configuration has. */
export const OPTION_SCHEMAS = {
  root: values.text(ALLOWED.path),
  host: values.host,
  port: values.port,
  backend: values.origin,
  backendCommand: values.command,
  entry: values.text(ALLOWED.path),
  executor: z.enum(["node", "bun", "deno"], `it must be ${ALLOWED.executor}`),
  mode: values.mode,
  viteMode: values.mode,
  framework: z.enum(FRAMEWORK_NAMES, `it must be ${ALLOWED.framework}`),
  dev: values.boolean,
  spaPath: values.base,
  healthPath: values.healthPath,
  direct: values.boolean,
  viteUrl: values.origin,
  base: values.base,
  assetUrl: values.assetUrl,
  bundleDir: values.text(ALLOWED.path),
  manifest: values.bundlePath,
  input: values.sources,
  ssrEntry: values.text(ALLOWED.path),
  ssrDir: values.text(ALLOWED.path),
  ssrBundle: values.text(ALLOWED.path),
  ssrMode: z.enum(["auto", "process", "in-process"], `it must be ${ALLOWED.ssrMode}`),
  staticProps: values.staticProps,
  integrity: values.boolean,
  precompress: values.boolean,
  allowRemote: values.boolean,
  allowedHosts: values.allowedHosts,
  trustedProxies: values.trustedProxies,
  startTimeout: values.duration,
  timeouts: values.timeouts,
  appRoutes: values.routes,
  viteRoutes: values.routes,
  cacheBytes: values.bytes,
  socketQueueBytes: values.bytes,
  hotFile: values.text(ALLOWED.path),
  inject: values.inject,
  routes: values.json,
  routesGlobal: values.globalName,
  csrfToken: values.csrfToken,
  csrfGlobal: values.globalName,
  nonce: values.boolean,
  contentSecurityPolicy: values.policy,
  types,
  open: values.boolean,
  logLevel: z.enum(["quiet", "normal", "verbose"], `it must be ${ALLOWED.logLevel}`),
};

/** The name of an option. */
export type OptionName = keyof typeof OPTION_SCHEMAS;

/** Options as their schemas leave them: checked, and in the form that the configuration has. */
export type CheckedOptions = {
  readonly [Name in OptionName]?: z.output<(typeof OPTION_SCHEMAS)[Name]>;
};

/** The names of all options. */
// The keys of an object literal are its names; Object.keys() types them as any text.
export const OPTION_NAMES = Object.keys(OPTION_SCHEMAS) as readonly OptionName[];

/** How the options that are not texts are read from text. What can't be read stays text, for the schema to refuse. */
const READERS: { readonly [Name in OptionName]?: (text: string) => unknown } = {
  port: parseWholeNumber,
  direct: parseBoolean,
  dev: parseBoolean,
  nonce: parseBoolean,
  allowRemote: parseBoolean,
  open: parseBoolean,
  integrity: parseBoolean,
  precompress: parseBoolean,
  input: parseList,
  allowedHosts: (value) => value.trim() === "*" ? true : parseList(value),
  trustedProxies: parseList,
  appRoutes: parseList,
  viteRoutes: parseList,
  cacheBytes: parseWholeNumber,
  socketQueueBytes: parseWholeNumber,
};

/** Reads an option from the text of a flag or a variable. */
export function readOptionText(name: OptionName, value: string): unknown {
  return READERS[name]?.(value) ?? value;
}
