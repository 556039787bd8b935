/**
 * What `@hey-api/openapi-ts` is told to do, and which installations of it can be used.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { nearestName } from "../sidecar/nearest_name.ts";
import type { ApiClient, ApiTypesRequest } from "./api_request.ts";
import { GENERATED_MARK } from "./write_plan.ts";

/** The versions that this was built with: what is installed where a project has none. */
export const HEY_API_VERSION = "0.99.0";
/** With TypeScript 7 it crashes when it is loaded. */
export const TYPESCRIPT_VERSION = "6.0.3";

/** The clients by the names of their plugins. */
const CLIENTS: { readonly [Name in ApiClient]: string } = {
  fetch: "@hey-api/client-fetch",
  axios: "@hey-api/client-axios",
  ky: "@hey-api/client-ky",
  ofetch: "@hey-api/client-ofetch",
  next: "@hey-api/client-next",
  nuxt: "@hey-api/client-nuxt",
  angular: "@hey-api/client-angular",
};

const TYPES = "@hey-api/typescript";
const SDK = "@hey-api/sdk";
const ZOD = "zod";

/** Every plugin of that version: of a name that it does not know it says nothing, and generates nothing. */
export const PLUGINS: readonly string[] = [
  TYPES,
  SDK,
  ZOD,
  ...Object.values(CLIENTS),
  ...["schemas", "transformers", "examples"].map((name) => `@hey-api/${name}`),
  ...["valibot", "arktype", "orpc", "fastify", "nestjs", "msw", "swr"],
  ...["@faker-js/faker", "@angular/common", "@pinia/colada"],
  ...["react", "vue", "solid", "svelte", "preact"].map((name) => `@tanstack/${name}-query`),
  "@tanstack/angular-query-experimental",
];

/** A plugin with its options, as the generator takes it. */
export interface HeyApiPlugin {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** What the generator does, whichever installation of it. */
export interface HeyApiPlan {
  readonly plugins: readonly HeyApiPlugin[];
  readonly extension: ".ts" | ".js" | "";
  /** Lines at the head of each file. */
  readonly header: readonly string[];
  /** What the project's own `zod` is; it decides which API the schemas use. */
  readonly zod: string | undefined;
}

const HEADER: readonly string[] = [
  `${GENERATED_MARK} Changes are lost with the next run.`,
  "// It comes from @hey-api/openapi-ts.",
  "// deno-lint-ignore-file",
  "/* eslint-disable */",
];

/** The plan of a request; `zod` is the version or the range of the project's own one. */
export function planHeyApi(request: ApiTypesRequest, zod: string | undefined): HeyApiPlan {
  const { sdk, client = "fetch", plugins = [], importExtension = ".ts" } = request;
  const names = new Set([
    TYPES,
    ...sdk ? [CLIENTS[client], SDK] : [],
    ...request.zod ? [ZOD] : [],
    ...plugins,
  ]);
  return {
    plugins: [...names].map((name) =>
      name === ZOD ? { name, compatibilityVersion: zodMajor(zod) } : { name }
    ),
    extension: importExtension,
    header: HEADER,
    zod: names.has(ZOD) ? zod : undefined,
  };
}

function zodMajor(version: string | undefined): 3 | 4 {
  return /^[^\d]*3(?:\.|$)/.test(version ?? "") ? 3 : 4;
}

/** What is wrong with a request, in words; `undefined` if nothing is. */
export function requestProblem(
  { client = "fetch", plugins = [] }: ApiTypesRequest,
): string | undefined {
  const nearest = (name: string, names: readonly string[]): string => {
    const near = nearestName(name, names);
    return near === undefined ? "" : `, the nearest is "${near}"`;
  };
  if (!Object.hasOwn(CLIENTS, client)) {
    const names = Object.keys(CLIENTS);
    return `Cannot use "${client}" as client: there are ${names.join(", ")}`;
  }
  const unknown = plugins.find((name) => !PLUGINS.includes(name));
  return unknown === undefined
    ? undefined
    : `Cannot use "${unknown}" as plugin: @hey-api/openapi-ts ${HEY_API_VERSION} has no such one${
      nearest(unknown, PLUGINS)
    }`;
}

/** Versions of what a run stands on. */
export interface HeyApiVersions {
  readonly heyApi: string;
  readonly typescript: string;
}

/** What we install has these. */
export const PINNED: HeyApiVersions = {
  heyApi: HEY_API_VERSION,
  typescript: TYPESCRIPT_VERSION,
};

/** Why a project's own installation can't be used; `undefined` if it can. */
export function installationProblem(
  { heyApi, typescript }: { readonly heyApi: string; readonly typescript: string | undefined },
): string | undefined {
  const minor = (version: string): string => version.split(".").slice(0, 2).join(".");
  if (minor(heyApi) !== minor(HEY_API_VERSION)) {
    return `it is ${heyApi}, and ${minor(HEY_API_VERSION)} is needed`;
  }
  if (typescript === undefined) return "it finds no TypeScript";
  const [major = 0, second = 0] = typescript.split(".").map(Number);
  return major === 6 || (major === 5 && second >= 5)
    ? undefined
    : `it finds TypeScript ${typescript}, with which it can't be loaded`;
}

/** The name of a result: another document, other options or other versions give another one. */
export function resultKey(
  document: string,
  plan: HeyApiPlan,
  versions: HeyApiVersions,
  program: string,
): string {
  return createHash("sha256")
    .update(JSON.stringify([plan, versions, program]))
    .update(document)
    .digest("hex")
    .slice(0, 32);
}

/** The `package.json` of the folder where it is installed for us. */
export function renderPackage({ heyApi, typescript }: HeyApiVersions): string {
  const dependencies = { "@hey-api/openapi-ts": heyApi, typescript };
  return `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
}
