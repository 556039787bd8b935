/**
 * The frameworks that can stand behind the port: how each is found, what it needs, and where its things are.
 *
 * @module
 */

/** A framework that makes the pages itself, by its own dev server and its own build. */
export type FrameworkName = "astro" | "sveltekit" | "nuxt" | "react-router" | "tanstack-start";

/** What is known of a framework. */
export interface Framework {
  readonly name: FrameworkName;
  /** As its authors write it. */
  readonly title: string;
  /** The package that a project of it depends on, and that has its dev server. */
  readonly package: string;
  /** The oldest version that is known to work here. */
  readonly oldest: readonly number[];
  /** Which program runs its dev server: that of Vite's own projects, or one that knows the framework's interface. */
  readonly runner: "vite" | "framework";
  /** Conditions of package exports that its dev server is to be run with. */
  readonly conditions: readonly string[];
  /** Paths that the framework alone has. A final `*` takes what follows. */
  readonly reserved: readonly string[];
  /** Folders and files in which a project keeps endpoints below `/api`. */
  readonly apiSources: readonly string[];
  /** Where generated types are found by the framework's own names. */
  readonly typesDir: string;
  /** Where a build puts a server, and what browsers load; the first that is there counts. */
  readonly outputs: readonly FrameworkOutput[];
}

/** Where a build is. */
export interface FrameworkOutput {
  /** The folder that all of it is in, relative to the root. */
  readonly dir: string;
  /** The module that listens, relative to `dir`. */
  readonly server: string;
  /** How it is made to listen: it does when it is imported, or it exports what answers. */
  readonly serves: "import" | "react-router" | "fetch";
  /** The folder of what browsers load, relative to `dir`. */
  readonly browser: string;
  /** The folder in it whose files have names with a hash, for us to serve; the empty string for all of it. */
  readonly hashed: string;
  /** The folder of a build without a server, relative to `dir`. */
  readonly site: string;
}

/** All that is known, by name. */
export const FRAMEWORKS: Readonly<Record<FrameworkName, Framework>> = {
  astro: {
    name: "astro",
    title: "Astro",
    package: "astro",
    oldest: [7, 0],
    runner: "framework",
    conditions: [],
    reserved: ["/_astro/*", "/_image", "/_actions/*", "/_server-islands/*"],
    apiSources: ["src/pages/api"],
    typesDir: "src/generated",
    outputs: [{
      dir: "dist",
      server: "server/entry.mjs",
      serves: "import",
      browser: "client",
      hashed: "_astro",
      site: ".",
    }],
  },
  sveltekit: {
    name: "sveltekit",
    title: "SvelteKit",
    package: "@sveltejs/kit",
    oldest: [3, 0],
    runner: "vite",
    conditions: [],
    reserved: ["/_app/*", "/.svelte-kit/*"],
    apiSources: ["src/routes/api"],
    typesDir: "src/lib/api",
    outputs: [{
      dir: "build",
      server: "index.js",
      serves: "import",
      browser: "client",
      hashed: "_app/immutable",
      site: ".",
    }],
  },
  nuxt: {
    name: "nuxt",
    title: "Nuxt",
    package: "nuxt",
    oldest: [4, 0],
    runner: "framework",
    conditions: [],
    reserved: ["/_nuxt/*", "/_ipx/*"],
    apiSources: ["server/api"],
    typesDir: "shared/generated",
    outputs: [{
      dir: ".output",
      server: "server/index.mjs",
      serves: "import",
      browser: "public",
      hashed: "_nuxt",
      site: "public",
    }],
  },
  "react-router": {
    name: "react-router",
    title: "React Router",
    package: "@react-router/dev",
    oldest: [8, 0],
    runner: "framework",
    // Without it the program starts itself once more, and the first process is a shell around the second.
    conditions: ["development"],
    reserved: ["/__manifest", "/_.data"],
    apiSources: ["app/routes/api", "app/routes/api.ts", "app/routes/api.tsx"],
    typesDir: "app/generated",
    outputs: [{
      dir: "build",
      server: "server/index.js",
      serves: "react-router",
      browser: "client",
      hashed: "",
      site: "client",
    }],
  },
  "tanstack-start": {
    name: "tanstack-start",
    title: "TanStack Start",
    package: "@tanstack/react-start",
    oldest: [1, 160],
    runner: "vite",
    conditions: [],
    reserved: ["/_serverFn/*"],
    apiSources: ["src/routes/api", "src/routes/api.ts", "src/routes/api.tsx"],
    typesDir: "src/generated",
    outputs: [{
      dir: ".output",
      server: "server/index.mjs",
      serves: "import",
      browser: "public",
      hashed: "assets",
      site: "public",
    }, {
      dir: "dist",
      server: "server/server.js",
      serves: "fetch",
      browser: "client",
      hashed: "",
      site: "client",
    }],
  },
};

/** The names, in the order in which they are looked for. */
// The keys of an object literal are its names; Object.keys() types them as any text.
export const FRAMEWORK_NAMES = Object.keys(FRAMEWORKS) as readonly FrameworkName[];

/**
 * Finds the framework of a project.
 *
 * @param manifest The text of its `package.json`.
 * @returns `undefined` if it names none, or is none.
 */
export function detectFramework(manifest: string): Framework | undefined {
  const dependencies = dependenciesOf(manifest);
  const name = FRAMEWORK_NAMES.find((each) => dependencies.has(FRAMEWORKS[each].package));
  return name === undefined ? undefined : FRAMEWORKS[name];
}

function dependenciesOf(manifest: string): ReadonlySet<string> {
  let fields: unknown;
  try {
    fields = JSON.parse(manifest);
  } catch {
    return new Set();
  }
  const groups = isRecord(fields) ? [fields.dependencies, fields.devDependencies] : [];
  return new Set(groups.flatMap((group) => isRecord(group) ? Object.keys(group) : []));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The file in which a project configures it, without its ending. */
export function configNameOf({ name }: Framework): string {
  return name === "astro" || name === "nuxt" ? `${name}.config` : "vite.config";
}

/** Says that a project names no framework. */
export function explainNoFramework(root: string): string {
  const titles = FRAMEWORK_NAMES.map((name) => FRAMEWORKS[name].package).join(", ");
  return `Cannot use "framework" as the option "mode": package.json of "${root}" has none of ${titles}; ` +
    'name one by the option "framework"';
}

/** What a project's own server of the framework is told, beside what everybody is told. */
export function serverEnvironment(
  { name }: Framework,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  if (name !== "sveltekit") return {};
  const given: Record<string, string> = {
    // Without them it takes every request for one of https, and refuses the forms of an http page.
    PROTOCOL_HEADER: "x-forwarded-proto",
    HOST_HEADER: "x-forwarded-host",
    ADDRESS_HEADER: "x-forwarded-for",
    XFF_DEPTH: "1",
  };
  return Object.fromEntries(Object.entries(given).filter(([key]) => own[key] === undefined));
}
