/**
 * What is known of packages: which belong together, which Node they want, which tools are frameworks.
 *
 * @module
 */

/** A framework that brings its own dev server. */
export interface FrameworkRule {
  readonly name: string;
  /** The package that makes a project one of it. */
  readonly package: string;
  /** Where its own server answers requests for data: folders, relative to the root. */
  readonly apiFolders: readonly string[];
  /** Where its code runs on the server, and fetches. */
  readonly serverFiles: RegExp;
}

/** Frameworks, the more special first. */
export const FRAMEWORKS: readonly FrameworkRule[] = [
  {
    name: "Astro",
    package: "astro",
    apiFolders: ["src/pages/api/"],
    serverFiles: /^src\/(?:pages|components|layouts)\/.*\.astro$/,
  },
  {
    name: "SvelteKit",
    package: "@sveltejs/kit",
    apiFolders: ["src/routes/api/"],
    serverFiles: /^src\/routes\/.*\+(?:page|layout)\.server\.[jt]s$/,
  },
  {
    name: "Nuxt",
    package: "nuxt",
    apiFolders: ["server/api/", "app/server/api/"],
    serverFiles: /^server\/.*\.[jt]s$/,
  },
  {
    name: "React Router",
    package: "@react-router/dev",
    apiFolders: ["app/routes/api/", "app/routes/api."],
    serverFiles: /^app\/(?:routes\/.*|root)\.[jt]sx?$/,
  },
  {
    name: "TanStack Start",
    package: "@tanstack/react-start",
    apiFolders: ["src/routes/api/", "src/routes/api."],
    serverFiles: /^src\/routes\/.*\.[jt]sx?$/,
  },
  {
    name: "SolidStart",
    package: "@solidjs/start",
    apiFolders: ["src/routes/api/"],
    serverFiles: /^src\/routes\/.*\.[jt]sx?$/,
  },
];

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
  ...FRAMEWORKS.map((framework) => framework.package),
];
