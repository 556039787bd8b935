/**
 * Generated files, checked for what has to hold for every input.
 *
 * @module
 */
import { deepEqual, equal, throws } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync } from "oxc-parser";
import {
  generate,
  type Generated,
  type GenerateInput,
  type GenerateOptions,
} from "../../../codegen/mod.ts";
import { createProject } from "../../_support/project.ts";

/** An input with its options. */
export interface Case {
  readonly input: GenerateInput;
  readonly options?: GenerateOptions;
}

/** What hostile inputs try to call; as an identifier it must not be anywhere. */
const HOSTILE = "PWN";

/** Generates twice, once with the keys of the input turned around, and checks the syntax tree of every file. */
export function sound({ input, options = {} }: Case): Generated {
  const generated = generate(input, options);
  deepEqual(generate(reversed(input), options), generated);
  for (const { path, text } of generated.files) {
    const { program, errors } = parseSync(path, text);
    deepEqual(errors.map(({ message }) => `${path}: ${message}`), []);
    deepEqual(identifiers(program).filter((name) => name === HOSTILE), [], path);
  }
  return generated;
}

/** The names of all identifiers of a tree, or of those that are values. */
export function identifiers(
  node: unknown,
  { isType = true }: { readonly isType?: boolean } = {},
): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) {
      const { type, name, importKind } = value as {
        type?: unknown;
        name?: unknown;
        importKind?: unknown;
      };
      if (!isType && (/^TS/.test(String(type)) || importKind === "type")) return;
      if (/Identifier$/.test(String(type)) && typeof name === "string") found.push(name);
      Object.values(value).forEach(walk);
    }
  };
  walk(node);
  return found;
}

function reversed(input: GenerateInput): GenerateInput {
  return Object.fromEntries(
    Object.entries(input).map((
      [key, value],
    ) => [key, typeof value === "string" ? reversedText(value) : value]),
  );
}

/** JSON with its keys in the other order; what is no JSON, or has a key twice, as it is. */
function reversedText(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? JSON.stringify(reversedValue(value)) : text;
  } catch {
    return text;
  }
}

function reversedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([key, item]) => [key, reversedValue(item)]),
  );
}

/** The codes of the diagnostics. */
export function codes({ diagnostics }: Generated): readonly string[] {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

/** The text of a file. */
export function textOf({ files }: Generated, path = "routes.ts"): string {
  const file = files.find((each) => each.path === path);
  if (file === undefined) {
    throw new Error(`Cannot find "${path}" in ${files.map((each) => each.path)}`);
  }
  return file.text;
}

/** The line of a route in the interface of parameters, with the interface that it names. */
export function paramsOf(generated: Generated, name: string): string {
  const text = textOf(generated);
  const map = text.slice(text.indexOf("export interface RouteParams"));
  const line = map.split("\n").find((each) => each.includes(`readonly ${JSON.stringify(name)}:`));
  const shape = /: (\S+);$/.exec(line ?? "")?.[1];
  if (shape === undefined) throw new Error(`Cannot find the route "${name}"`);
  const start = text.indexOf(`export interface ${shape} extends`);
  return start < 0 ? "" : text.slice(text.indexOf("{", start) + 2, text.indexOf("\n}", start));
}

/** A generated `routes.ts` as it runs, without its types. */
export interface LoadedRoutes {
  readonly route: (name: string, params?: object, options?: object) => string;
  readonly router: {
    names(): readonly string[];
    has(name: string): boolean;
    match(url: string, method?: string): LoadedMatch | null;
    current(name?: string, params?: object): unknown;
    with(settings: object): LoadedRoutes["router"] & { route: LoadedRoutes["route"] };
  };
}

/** What a URL means. */
export interface LoadedMatch {
  readonly name: string;
  readonly params: { readonly [name: string]: string | number };
  readonly query: { readonly [name: string]: string | readonly string[] };
}

/** Imports a generated module, and checks that importing does nothing else. */
export async function load<Module = LoadedRoutes>(
  generated: Generated,
  path = "routes.ts",
): Promise<Module> {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const files = Object.fromEntries(generated.files.map((file) => [file.path, file.text]));
  const project = await createProject("codegen", files);
  try {
    const module: Module = await import(pathToFileURL(join(project.root, path)).href);
    deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
    equal(HOSTILE in globalThis, false);
    return module;
  } finally {
    await project.remove();
  }
}

/** A table of litestar-vite, of routes by name: a URI, or all that is known. */
export function litestar(
  routes: { readonly [name: string]: string | object },
  rest: object = { litestar_version: "2.24.0" },
): string {
  const entries = Object.entries(routes).map(([name, route]) =>
    [
      name,
      typeof route === "string" ? { uri: route, methods: ["GET"] } : { methods: ["GET"], ...route },
    ] as const
  );
  return JSON.stringify({ ...rest, routes: Object.fromEntries(entries) });
}

/** An OpenAPI document of operations by `method path`. */
export function openapi(operations: { readonly [key: string]: object }, rest: object = {}): string {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const [key, operation] of Object.entries(operations)) {
    const at = key.indexOf(" ");
    (paths[key.slice(at + 1)] ??= {})[key.slice(0, at)] = operation;
  }
  return JSON.stringify({ openapi: "3.1.0", info: { title: "t", version: "1" }, paths, ...rest });
}

/** Query parameters of an operation. */
export function query(
  ...parameters: readonly (readonly [name: string, schema: unknown, rest?: object])[]
): object {
  return {
    parameters: parameters.map(([name, schema, rest = {}]) => ({
      name,
      in: "query",
      ...schema === undefined ? {} : { schema },
      ...rest,
    })),
  };
}

/** Path parameters of an operation. */
export function path(...parameters: readonly (readonly [name: string, schema: unknown])[]): object {
  return {
    parameters: parameters.map(([name, schema]) => ({ name, in: "path", required: true, schema })),
  };
}

/** Asserts that a call throws what `route()` throws, with that code. */
export function throwsCode(call: () => unknown, code: string): void {
  throws(
    call,
    (error: Error & { code?: string }) => error instanceof TypeError && error.code === code,
  );
}
