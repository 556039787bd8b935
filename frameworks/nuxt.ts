/**
 * The module for Nuxt. A project runs behind the port without it; it adds `useApi()`, which asks the app from the server and
 * from the browser alike, and the hosts that may be visited.
 *
 * @example In `nuxt.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/nuxt";
 *
 * export default { modules: [[sidecar, { hosts: ["www.example.com"] }]] };
 * ```
 *
 * @example In a component
 * ```ts ignore
 * const { data } = await useAsyncData("books", () => useApi()("/api/books"));
 * ```
 *
 * @module
 */
import { resolve } from "node:path";
import {
  type FrameworkOptions,
  resolveFrameworkOptions,
  serverAdvice,
  type ServerConfigShape,
} from "./options.ts";

export type { FrameworkOptions, ServerConfigShape } from "./options.ts";

/** The little of Nuxt that the module uses. Its own types are those of one major. */
export interface NuxtLike {
  /** The configuration. */
  readonly options: {
    /** Absolute path of the project. */
    readonly rootDir: string;
    /** Absolute path of what Nuxt generates. */
    readonly buildDir: string;
    /** Vite's configuration. */
    vite?: { server?: ServerConfigShape & { allowedHosts?: unknown } };
    /** The server's configuration. */
    nitro?: { devProxy?: unknown };
  };
  /** Calls back at an event. */
  hook(name: string, listener: (value: never) => void): unknown;
}

interface Template {
  readonly filename: string;
  readonly write: boolean;
  readonly getContents: () => string;
}

const TYPES_DIR = "shared/generated";
const FILE = "sidecar-api";

/** On the server `$fetch("/api/…")` asks Nitro itself, which has none of the app's routes. */
const RUNTIME = `import { useRequestHeaders, useRequestURL } from "#imports";
const FIELDS = ["cookie", "authorization", "accept-language", "x-request-id"];
export function useApi() {
  if (import.meta.client) return $fetch;
  const baseURL = process.env.SIDECAR_API_URL || useRequestURL().origin;
  return $fetch.create({ baseURL, headers: useRequestHeaders(FIELDS) });
}
`;

const TYPES = `/** Asks the app: on the server at its own address, with the visitor's cookies. */
export declare function useApi(): typeof $fetch;
`;

/** The module's name and the key of its options in `nuxt.config`. */
const META = { name: "@lv/sidecar", configKey: "sidecar" } as const;

/** A module, as Nuxt takes it. */
export interface NuxtModuleLike {
  (options: FrameworkOptions | undefined, nuxt: NuxtLike): void;
  /** What Nuxt's messages call it. */
  readonly getMeta: () => Promise<{ readonly name: string; readonly configKey: string }>;
}

function install(options: FrameworkOptions | undefined, nuxt: NuxtLike): void {
  const { hosts } = resolveFrameworkOptions(options ?? {}, TYPES_DIR);
  const { vite = {}, nitro } = nuxt.options;
  const advice = [
    ...serverAdvice(vite.server).map((each) => `vite.${each}`),
    ...serverAdvice({ proxy: nitro?.devProxy }).map((each) =>
      each.replace("server.proxy", "nitro.devProxy")
    ),
  ];
  for (const each of advice) console.warn(`[@lv/sidecar] ${each}`);
  if (hosts.length > 0) {
    const own = vite.server?.allowedHosts;
    const listed = Array.isArray(own) ? own : [];
    if (own !== true) {
      nuxt.options.vite = {
        ...vite,
        server: { ...vite.server, allowedHosts: [...listed, ...hosts] },
      };
    }
  }
  provideApi(nuxt);
}

function provideApi(nuxt: NuxtLike): void {
  const file = resolve(nuxt.options.buildDir, `${FILE}.mjs`);
  const templates: readonly Template[] = [
    { filename: `${FILE}.mjs`, write: true, getContents: () => RUNTIME },
    { filename: `${FILE}.d.mts`, write: true, getContents: () => TYPES },
  ];
  nuxt.hook("app:templates", (app: { templates: Template[] }) => {
    app.templates.push(...templates);
  });
  nuxt.hook("imports:extend", (imports: { name: string; from: string }[]) => {
    imports.push({ name: "useApi", from: file });
  });
}

/**
 * The module.
 *
 * Generated types are in `shared/generated`, for the app and the server alike: `#shared/generated/routes`.
 *
 * @example In `nuxt.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/nuxt";
 *
 * export default { modules: [sidecar] };
 * ```
 */
export const sidecar: NuxtModuleLike = Object.assign(
  (options: FrameworkOptions | undefined, nuxt: NuxtLike): void => install(options, nuxt),
  { getMeta: () => Promise.resolve(META) },
);
