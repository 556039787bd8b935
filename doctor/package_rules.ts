/**
 * What is known of packages: which belong together, which Node they want, which tools are frameworks.
 *
 * @module
 */
import { type FrameworkName, FRAMEWORKS } from "../sidecar/framework.ts";

/** Where a framework's code runs on the server, and fetches: paths relative to the root. */
export const SERVER_FILES: Readonly<Record<FrameworkName, RegExp>> = {
  astro: /^src\/(?:pages|components|layouts)\/.*\.astro$/,
  sveltekit: /^src\/routes\/.*\+(?:page|layout)\.server\.[jt]s$/,
  nuxt: /^server\/.*\.[jt]s$/,
  "react-router": /^app\/(?:routes\/.*|root)\.[jt]sx?$/,
  "tanstack-start": /^src\/routes\/.*\.[jt]sx?$/,
};

/** Packages of one release: they are tested together, and break apart. */
export const LOCKSTEP: readonly {
  readonly what: string;
  readonly belongs: RegExp;
  /** How much of the version has to be the same: `exact`, or major and minor. */
  readonly until: "exact" | "minor" | "major";
}[] = [
  {
    what: "React Router's packages",
    belongs: /^(?:react-router|react-router-dom|@react-router\/.+)$/,
    until: "exact",
  },
  { what: "Inertia's packages", belongs: /^@inertiajs\/.+$/, until: "minor" },
  {
    what: "Tailwind and its Vite plugin",
    belongs: /^(?:tailwindcss|@tailwindcss\/(?:vite|postcss))$/,
    until: "minor",
  },
  { what: "React's packages", belongs: /^(?:react|react-dom)$/, until: "exact" },
  {
    what: "Vue's packages",
    belongs: /^(?:vue|@vue\/(?:server-renderer|compiler-sfc))$/,
    until: "exact",
  },
];

/** Package managers by their lock file. */
export const LOCK_FILES: Readonly<Record<string, string>> = {
  "package-lock.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
  "deno.lock": "deno",
};

/** Packages whose engine says which Node runs the front end. */
export const ENGINE_PACKAGES: readonly string[] = [
  "vite",
  ...Object.values(FRAMEWORKS).map((framework) => framework.package),
  "@solidjs/start",
];
