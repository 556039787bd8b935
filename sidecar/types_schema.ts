/**
 * What the option `types` may be.
 *
 * @module
 */
import { z } from "zod";
import type { CheckedTypesOptions } from "../typegen/options.ts";
import { boolean, bytes, command, duration, text } from "./config_values.ts";

const PATTERNS = 'a pattern, or a list of patterns, such as "../app/**/*.py"';
const PATHS = 'a path, or a list of paths, such as "/openapi.json"';
const SOURCE = 'a file or a URL, such as "openapi.json"';
const WORD = "a text that is not empty";

/** A text or a list of texts; a list in the end. */
function texts(allowed: string): z.ZodType<readonly string[]> {
  return z.preprocess(
    (value) => typeof value === "string" ? [value] : value,
    z.array(text(allowed), `it must be ${allowed}`).readonly(),
  );
}

function oneOf<const Word extends string>(words: readonly Word[]): z.ZodType<Word> {
  const shown = words.map((word) => JSON.stringify(word)).join(", ").replace(
    /, ([^,]*)$/,
    " or $1",
  );
  return z.enum(words, `it must be ${shown}`);
}

const names = z.array(text(WORD), "it must be a list of texts").readonly();

const SHAPE = {
  routes: text(SOURCE),
  openapi: text(SOURCE),
  pages: text(SOURCE),
  output: text("a folder"),
  zod: boolean,
  sdk: boolean,
  client: oneOf(["fetch", "axios", "ky", "ofetch", "next", "nuxt", "angular"]),
  plugins: names,
  routeTypes: boolean,
  schemaPath: texts(PATHS),
  watch: texts(PATTERNS),
  command,
  poll: duration,
  timeout: duration,
  maxBytes: bytes,
  failOnError: boolean,
  only: names,
  except: names,
  groups: z.record(z.string(), names, "it must be an object of lists of patterns"),
  group: text(WORD),
  header: z.string("it must be a text"),
  naming: z.union([
    oneOf(["keep", "camel", "dots"]),
    z.custom<CallableFunction>((value) => typeof value === "function"),
  ], 'it must be "keep", "camel", "dots", or a function of name and route'),
  cleanNames: boolean,
  base: z.string("it must be a text"),
  origin: text('an origin such as "https://app.test"'),
  trailingSlash: oneOf(["keep", "add", "strip"]),
  lists: oneOf(["repeat", "brackets", "indices", "comma"]),
  nulls: oneOf(["skip", "empty"]),
  booleans: oneOf(["word", "number"]),
  methodField: text(WORD),
  groupFiles: boolean,
  globalRoute: boolean,
  inertiaClient: oneOf(["react", "vue3", "svelte"]),
  importExtension: oneOf([".ts", ".js", ""]),
  litestarUriIsPath: boolean,
  impliesHead: boolean,
};

/** The names that `types` knows. */
export const TYPES_NAMES: readonly string[] = Object.keys(SHAPE);

const ALLOWED_TYPES = "true or false, or an object";

/** The option `types`; `undefined` for none in the end. */
export const types = z.union([
  z.boolean().transform((value): CheckedTypesOptions | undefined => value ? {} : undefined),
  // Each part is checked; the names of functions are lost on the way.
  z.strictObject(SHAPE, `it must be ${ALLOWED_TYPES}`).partial().transform((value) =>
    value as CheckedTypesOptions
  ),
], `it must be ${ALLOWED_TYPES}`);
