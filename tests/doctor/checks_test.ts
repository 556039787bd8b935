/**
 * Every check, with a project in which it finds something; and a healthy project, in which none does.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { ALL_CHECKS } from "../../doctor/checks.ts";
import { examine } from "../../doctor/examine.ts";
import type { Finding, Severity } from "../../doctor/finding.ts";
import { absentPart, knownPart } from "../../doctor/part.ts";
import type { SidecarOptions } from "../../sidecar/config.ts";
import { jsonFile, ROOT, type SnapshotChanges, snapshotWith } from "../_support/snapshot.ts";
import { test } from "../_support/test.ts";

interface Case {
  readonly check: string;
  /** What is wrong. */
  readonly name: string;
  readonly changes: SnapshotChanges;
  readonly severity: Severity;
  /** What the message says. */
  readonly says: RegExp;
  /** What an edit leaves in the file; `undefined` where nothing is mended. */
  readonly after?: RegExp;
}

const DIRECT: SidecarOptions = { direct: true };
const node20 = { executor: "node", command: "/bin/node", version: "20.20.2" } as const;
const deno = { executor: "deno", command: "/bin/deno", version: "2.9.6" } as const;
const configFile = { path: "sidecar.config.ts", text: 'export default { executor: "bun" };\n' };

const FAILING: readonly Case[] = [
  {
    check: "manifest-files",
    name: "no package.json",
    changes: { manifests: { package: undefined } },
    severity: "error",
    says: /there is no package\.json/,
  },
  {
    check: "manifest-files",
    name: "a broken one",
    changes: { manifests: { problems: ['Cannot read "package.json": it is no object of JSON'] } },
    severity: "error",
    says: /no object of JSON/,
  },
  {
    check: "packages-missing",
    name: "nothing installed",
    changes: { listed: { vite: "^8.0.0", vue: "^3.0.0" } },
    severity: "error",
    says: /Cannot find 1 of 2 listed packages/,
  },
  {
    check: "packages-missing",
    name: "another version installed",
    changes: { listed: { react: "^18.0.0" } },
    severity: "error",
    says: /not what package\.json lists/,
  },
  {
    check: "packages-missing",
    name: "a newer lock file",
    changes: { manifests: { lockedMs: 100_000 } },
    severity: "info",
    says: /newer than node_modules/,
  },
  {
    check: "runtime-version",
    name: "a Node that Astro does not take",
    changes: {
      packages: { astro: { version: "7.3.5", nodeRange: ">=22.12.0" } },
      runtimes: { used: node20, available: [node20, deno] },
      options: { mode: "framework" },
    },
    severity: "error",
    says: /Cannot run astro 7\.3\.5 under node 20\.20\.2: it wants >=22\.12\.0/,
  },
  {
    check: "executor-missing",
    name: "no Bun",
    changes: {
      runtimes: { used: undefined, wanted: "bun", available: [deno] },
      optionFacts: {
        file: configFile,
        sources: new Map([["executor", 'the option "executor" in "sidecar.config.ts"']]),
      },
    },
    severity: "error",
    says: /"bun": it is not on the PATH/,
    after: /executor: "deno"/,
  },
  {
    check: "package-managers",
    name: "two lock files",
    changes: { manifests: { locks: ["package-lock.json", "yarn.lock"] } },
    severity: "warning",
    says: /2 package managers/,
  },
  {
    check: "two-vites",
    name: "two Vites",
    changes: { vites: [{ folder: "/a", version: "8.3.8" }, { folder: "/b", version: "7.3.8" }] },
    severity: "error",
    says: /2 versions of Vite/,
  },
  {
    check: "two-vites",
    name: "a plugin for another Vite",
    changes: {
      packages: { "@vitejs/plugin-vue": { version: "5.0.0", peers: { vite: "^5 || ^6" } } },
    },
    severity: "error",
    says: /plugin-vue 5\.0\.0 wants Vite \^5 \|\| \^6, and 8\.3\.8 is installed/,
  },
  {
    check: "lockstep",
    name: "React apart from its DOM",
    changes: {
      packages: { "react-dom": "19.2.0" },
      manifests: {
        package: jsonFile("package.json", {
          dependencies: { react: "^19.3.1", "react-dom": "^19.2.0" },
        }),
      },
    },
    severity: "error",
    says: /React's packages have different versions/,
    after: /"react":"19\.3\.1","react-dom":"19\.3\.1"/,
  },
  {
    check: "deno-node-modules",
    name: "no node_modules for Deno",
    changes: {
      manifests: {
        deno: jsonFile(
          "deno.jsonc",
          { nodeModulesDir: "none" },
          '{\n  // why\n  "nodeModulesDir": "none"\n}',
        ),
      },
    },
    severity: "error",
    says: /"nodeModulesDir" is "none"/,
    after: /\/\/ why\n {2}"nodeModulesDir": "manual"/,
  },
  {
    check: "vulnerable-vite",
    name: "a Vite with holes",
    changes: { packages: { vite: "8.0.1" } },
    severity: "error",
    says: /Vite 8\.0\.1 has known security holes/,
  },
  {
    check: "vulnerable-vite",
    name: "a Vite that is too old",
    changes: { packages: { vite: "5.4.0" } },
    severity: "error",
    says: /oldest that works here/,
  },
  {
    check: "typescript-pairing",
    name: "TypeScript 7 with svelte-check",
    changes: { packages: { typescript: "7.0.2", "svelte-check": "4.7.7" } },
    severity: "warning",
    says: /TypeScript 7\.0\.2 does not work with svelte-check/,
  },
  {
    check: "typescript-pairing",
    name: "SvelteKit 3 without its tsconfig",
    changes: { packages: { "@sveltejs/kit": "3.2.0" }, options: { mode: "framework" } },
    severity: "warning",
    says: /needs "extends": "\$app\/tsconfig"/,
  },
  {
    check: "tailwind",
    name: "a config of Tailwind 3",
    changes: {
      packages: { tailwindcss: "4.3.5" },
      texts: { "tailwind.config.js": "module.exports = {}" },
    },
    severity: "warning",
    says: /does not read tailwind\.config\.js/,
  },
  {
    check: "tailwind",
    name: "directives of Tailwind 3",
    changes: { packages: { tailwindcss: "4.3.5" }, texts: { "src/a.css": "@tailwind base;" } },
    severity: "warning",
    says: /@tailwind is of version 3/,
  },
  {
    check: "htmx-version",
    name: "attributes of htmx 2",
    changes: {
      packages: { "htmx.org": "4.0.1" },
      texts: { "templates/a.html": '<p hx-ext="sse">' },
    },
    severity: "warning",
    says: /htmx 4\.0\.1 does not know attributes of htmx 2/,
  },
  {
    check: "options",
    name: "an option that can't be used",
    changes: { optionFacts: { config: undefined, problems: ["Cannot use 1 as the option x: no"] } },
    severity: "error",
    says: /Cannot use 1/,
  },
  {
    check: "framework-mode",
    name: "Astro as a single page",
    changes: {
      packages: { astro: "7.3.5" },
      isPageless: true,
      options: { mode: "spa" },
      optionFacts: { file: { path: "sidecar.config.ts", text: 'export default { mode: "spa" };' } },
    },
    severity: "error",
    says: /Astro answers all pages itself, and the mode is "spa"/,
    after: /mode: "framework"/,
  },
  {
    check: "framework-mode",
    name: "a framework that is not there",
    changes: { options: { mode: "framework" } },
    severity: "error",
    says: /lists none that is known/,
  },
  {
    check: "api-conflict",
    name: "Nuxt's own API",
    changes: {
      packages: { nuxt: "4.5.2" },
      options: { mode: "framework" },
      files: [{ path: "server/api/books.ts", size: 1, mtimeMs: 1 }],
    },
    severity: "error",
    says: /Nuxt has routes below \/api/,
  },
  {
    check: "api-conflict",
    name: "a public file that the app hides",
    changes: { files: [{ path: "public/api/openapi.json", size: 1, mtimeMs: 1 }] },
    severity: "warning",
    says: /below paths of the app/,
  },
  {
    check: "server-fetch",
    name: "a path without a host in a loader",
    changes: {
      packages: { "@sveltejs/kit": "2.0.0" },
      options: { mode: "framework" },
      texts: { "src/routes/+page.server.ts": 'const books = await fetch("/api/books");' },
    },
    severity: "warning",
    says: /fetches a path without a host/,
  },
  {
    check: "build",
    name: "a broken manifest",
    changes: { build: { problems: ["Cannot read the manifest: it is empty"] } },
    severity: "error",
    says: /it is empty/,
  },
  {
    check: "build",
    name: "files that are gone",
    changes: { build: { missing: ["assets/a.js"] } },
    severity: "error",
    says: /1 files that the manifest names/,
  },
  {
    check: "build",
    name: "an entry that is gone",
    changes: { build: { entries: ["src/gone.ts"] } },
    severity: "warning",
    says: /not there any more/,
  },
  {
    check: "build",
    name: "newer sources",
    changes: { files: [{ path: "src/new.ts", size: 1, mtimeMs: 1_000_001 }] },
    severity: "info",
    says: /1 sources are newer/,
  },
  {
    check: "build",
    name: "another base",
    changes: { build: { base: "/old/" }, options: { assetUrl: "/static/" } },
    severity: "error",
    says: /made for the base "\/old\/", and assetUrl is "\/static\/"/,
  },
  {
    check: "types",
    name: "stale types",
    changes: { types: { kind: "stale", files: ["routes.ts"] } },
    severity: "error",
    says: /1 generated files/,
  },
  {
    check: "types",
    name: "types that can't be made",
    changes: { types: { kind: "failed", problems: ["Cannot read openapi.json"] } },
    severity: "error",
    says: /Cannot read openapi\.json/,
  },
  {
    check: "types",
    name: "types among pages",
    changes: {
      packages: { astro: "7.3.5" },
      options: { mode: "framework" },
      types: { output: "src/pages/generated" },
    },
    severity: "error",
    says: /takes every file for a page/,
  },
  {
    check: "leftovers",
    name: "a stale hot file",
    changes: {
      leftovers: knownPart([{
        path: "public/hot",
        text: "http://127.0.0.1:1",
        what: "The hot file",
        staleWhy: "no Vite answers",
      }]),
    },
    severity: "warning",
    says: /The hot file "public\/hot" is left of a server that is gone/,
    after: /^$/,
  },
  {
    check: "environment",
    name: "NODE_ENV of production",
    changes: { system: { environment: { NODE_ENV: "production" } } },
    severity: "warning",
    says: /NODE_ENV is "production"/,
  },
  {
    check: "environment",
    name: "a proxy for everything",
    changes: { system: { environment: { HTTP_PROXY: "http://proxy" } } },
    severity: "info",
    says: /NO_PROXY has no 127\.0\.0\.1/,
  },
  {
    check: "environment",
    name: "few connections of Bun",
    changes: { system: { environment: { BUN_CONFIG_MAX_HTTP_REQUESTS: "8" } } },
    severity: "warning",
    says: /below 256/,
  },
  {
    check: "environment",
    name: "PORT for the framework",
    changes: {
      packages: { nuxt: "4.5.2" },
      options: { mode: "framework" },
      system: { environment: { PORT: "3000" } },
    },
    severity: "warning",
    says: /PORT reach/,
  },
  {
    check: "environment",
    name: "few watches",
    changes: { system: { maxWatches: 8192 } },
    severity: "warning",
    says: /Linux watches 8192 files/,
  },
  {
    check: "environment",
    name: "a drive of Windows",
    changes: { system: { isWsl: true } },
    severity: "warning",
    says: /drive of Windows/,
  },
  {
    check: "environment",
    name: "files from the future",
    changes: { files: [{ path: "README.md", size: 1, mtimeMs: 1_060_000 }] },
    severity: "warning",
    says: /60 s from the future/,
  },
  {
    check: "environment",
    name: "a file system that ignores case",
    changes: { system: { isCaseSensitive: false } },
    severity: "info",
    says: /imports that work here fail elsewhere/,
  },
  {
    check: "content-policy",
    name: "a policy without sockets",
    changes: { options: { contentSecurityPolicy: "default-src 'none'; connect-src https:" } },
    severity: "warning",
    says: /lets no socket connect/,
  },
  {
    check: "remote",
    name: "every peer trusted",
    changes: {
      options: {
        host: "0.0.0.0",
        allowRemote: true,
        allowedHosts: ["app.test"],
        trustedProxies: ["*"],
      },
    },
    severity: "warning",
    says: /trustedProxies is everybody/,
  },
  {
    check: "remote",
    name: "no name let in",
    changes: { options: { host: "0.0.0.0", allowRemote: true } },
    severity: "info",
    says: /allowedHosts is empty/,
  },
  {
    check: "bridge-file",
    name: "a broken .litestar.json",
    changes: { texts: { ".litestar.json": "{" } },
    severity: "error",
    says: /no object of JSON/,
  },
  {
    check: "bridge-file",
    name: "another folder than the backend's",
    changes: {
      texts: { ".litestar.json": '{"bundleDir":"public"}' },
      optionFacts: { sources: new Map([["bundleDir", 'the flag "--bundle-dir"']]) },
    },
    severity: "warning",
    says: /says bundleDir "public"/,
  },
  {
    check: "bridge-file",
    name: "another URL than the backend's",
    changes: {
      texts: { ".litestar.json": '{"assetUrl":"/static/"}' },
      options: { assetUrl: "/files/" },
    },
    severity: "warning",
    says: /says assetUrl "\/static\/"/,
  },
  {
    check: "hmr-endpoint",
    name: "a port of its own for HMR",
    changes: {
      options: DIRECT,
      vite: { server: { hmr: { clientPort: 5173 } } },
      texts: {
        "vite.config.ts": "export default {\n  server: { hmr: {\n    clientPort: 5173,\n  } },\n};",
      },
    },
    severity: "error",
    says: /clientPort 5173/,
    after: /^export default \{\n {2}server: \{ hmr: \{\n {2}\} \},\n\};$/,
  },
  {
    check: "hmr-endpoint",
    name: "the same behind one port",
    changes: { vite: { server: { hmr: { host: "localhost" } } } },
    severity: "warning",
    says: /behind the one port that is left out/,
  },
  {
    check: "server-proxy",
    name: "rules that never apply",
    changes: { vite: { server: { proxy: ["/api"] } } },
    severity: "warning",
    says: /forwards "\/api"/,
  },
  {
    check: "dev-urls",
    name: "Vite's port in a template",
    changes: {
      texts: { "templates/a.html": '<p>\n<script src="http://localhost:5173/src/main.ts">' },
    },
    severity: "warning",
    says: /Vite's own port is written into sources/,
  },
  {
    check: "dev-urls",
    name: "an origin for assets",
    changes: { vite: { server: { origin: "http://127.0.0.1:5173" } } },
    severity: "warning",
    says: /server\.origin/,
  },
  {
    check: "exposure",
    name: "Vite for the whole network",
    changes: { options: DIRECT, vite: { server: { host: true } } },
    severity: "error",
    says: /every machine of the network/,
  },
  {
    check: "exposure",
    name: "any site",
    changes: { vite: { server: { cors: true } } },
    severity: "error",
    says: /every web site that you visit/,
  },
  {
    check: "exposure",
    name: "any host",
    changes: { vite: { server: { allowedHosts: true } } },
    severity: "error",
    says: /DNS rebinding/,
  },
  {
    check: "base",
    name: "a base without slashes",
    changes: { texts: { "vite.config.ts": 'export default {\n  base: "static",\n};' } },
    severity: "warning",
    says: /base "static"/,
    after: /base: "\/static\/"/,
  },
  {
    check: "build-folders",
    name: "a build in publicDir",
    changes: { vite: { build: { outDir: `${ROOT}/public/build` } } },
    severity: "error",
    says: /publicDir/,
  },
  {
    check: "build-folders",
    name: "one folder for both builds",
    changes: { vite: { build: { isSsr: true } } },
    severity: "warning",
    says: /build\.ssr/,
  },
  {
    check: "env-secrets",
    name: "a secret for browsers",
    changes: { texts: { ".env": "VITE_DB_PASSWORD=x\nDB_PASSWORD=x\n" } },
    severity: "error",
    says: /look like secrets/,
  },
  {
    check: "env-secrets",
    name: "no prefix at all",
    changes: { vite: { envPrefix: [""] } },
    severity: "error",
    says: /every variable/,
  },
  {
    check: "two-plugins",
    name: "two plugins",
    changes: { vite: { plugins: ["litestar", "lv-sidecar-vite"] } },
    severity: "error",
    says: /of litestar/,
  },
  {
    check: "running",
    name: "nothing",
    changes: { live: { instances: [] } },
    severity: "info",
    says: /Nothing of this root runs, and port 8000 is free/,
  },
  {
    check: "running",
    name: "somebody else",
    changes: {
      live: {
        instances: [],
        portOwner: { address: "127.0.0.1", port: 8000, pid: 99, command: "nginx" },
      },
    },
    severity: "error",
    says: /Port 8000 belongs to somebody else/,
  },
  {
    check: "module-path",
    name: "a page for a module",
    changes: {
      live: {
        modules: [{
          path: "/@vite/client",
          answer: { status: 200, type: "text/html", location: undefined, text: "<!doctype html>" },
        }],
      },
    },
    severity: "error",
    says: /the answer is text\/html, not JavaScript/,
  },
  {
    check: "hmr-path",
    name: "a socket that is refused",
    changes: { live: { hmr: { isConnected: false, why: "the handshake is refused" } } },
    severity: "error",
    says: /the handshake is refused/,
  },
  {
    check: "public-hosts",
    name: "a host that is not let in",
    changes: { live: { hosts: [{ host: "app.test", status: 403 }] } },
    severity: "error",
    says: /"app\.test" get a 403/,
  },
  {
    check: "backend",
    name: "a backend that is down",
    changes: { live: { backend: { origin: "http://127.0.0.1:8001", state: "down" } } },
    severity: "error",
    says: /Nothing answers/,
  },
  {
    check: "backend",
    name: "a backend that is ourselves",
    changes: { live: { backend: { origin: "http://127.0.0.1:8001", state: "loop" } } },
    severity: "error",
    says: /leads back/,
  },
  {
    check: "backend-redirects",
    name: "a redirect to the backend's own port",
    changes: { live: { redirects: [{ path: "/api", location: "http://127.0.0.1:8001/api/" }] } },
    severity: "warning",
    says: /not the one port/,
  },
  {
    check: "forms",
    name: "a form that is refused",
    changes: { live: { formStatus: 403 } },
    severity: "error",
    says: /gets a 403/,
  },
  {
    check: "extra-ports",
    name: "a port for everybody",
    changes: {
      live: { listeners: [{ address: "0.0.0.0", port: 5173, pid: 8, command: "vite" }] },
    },
    severity: "error",
    says: /Other machines reach a port/,
  },
  {
    check: "extra-ports",
    name: "a port of its own",
    changes: {
      live: { listeners: [{ address: "127.0.0.1", port: 4206, pid: 8, command: "vite" }] },
    },
    severity: "warning",
    says: /a port of its own/,
  },
  {
    check: "orphans",
    name: "a Vite that nobody has started",
    changes: { live: { orphans: [{ pid: 99, command: "node vite" }] } },
    severity: "warning",
    says: /process 99/,
  },
];

/** What looks like a finding, and is none. */
const PASSING: readonly (Pick<Case, "check" | "name" | "changes">)[] = [
  {
    check: "runtime-version",
    name: "Deno, whatever Node it stands for",
    changes: {
      packages: { vite: { version: "8.3.8", nodeRange: ">=99" } },
      runtimes: { used: deno, available: [deno] },
    },
  },
  {
    check: "framework-mode",
    name: "a framework that is found by itself",
    changes: { packages: { astro: "7.3.5" }, isPageless: true, build: { entries: [] } },
  },
  {
    check: "framework-mode",
    name: "a framework that is a guest beside a page",
    changes: { packages: { astro: "7.3.5" }, options: { mode: "spa" } },
  },
  {
    check: "package-managers",
    name: "Deno's lock beside npm's",
    changes: { manifests: { locks: ["package-lock.json", "deno.lock"] } },
  },
  {
    check: "two-vites",
    name: "a range that nobody can read",
    changes: { packages: { a: { peers: { vite: "workspace:*" } } } },
  },
  {
    check: "tailwind",
    name: "a config that the style sheet names",
    changes: {
      packages: { tailwindcss: "4.3.5" },
      texts: { "tailwind.config.js": "", "a.css": '@config "./tailwind.config.js";' },
    },
  },
  {
    check: "server-fetch",
    name: "a whole address",
    changes: {
      packages: { "@sveltejs/kit": "2.0.0" },
      options: { mode: "framework" },
      texts: {
        "src/routes/+page.server.ts": 'fetch("/x"); new URL("/api", env.SIDECAR_API_URL)',
      },
    },
  },
  {
    check: "environment",
    name: "a proxy that leaves us alone",
    changes: {
      system: { environment: { HTTP_PROXY: "http://proxy", NO_PROXY: "a.test,localhost" } },
    },
  },
  {
    check: "content-policy",
    name: "the own origin, sockets included",
    changes: { options: { contentSecurityPolicy: "default-src 'self'" } },
  },
  {
    check: "hmr-endpoint",
    name: "a plugin for a Vite of its own port, behind the one port",
    changes: { vite: { plugins: ["litestar"], server: { hmr: { clientPort: 8000 } } } },
  },
  {
    check: "base",
    name: "relative, a CDN, or computed",
    changes: { texts: { "vite.config.ts": "export default {\n  base: `/${x}`,\n};" } },
  },
  {
    check: "env-secrets",
    name: "a secret that stays on the server",
    changes: { texts: { ".env": "DB_PASSWORD=x\nVITE_TITLE=x\n" } },
  },
  {
    check: "backend-redirects",
    name: "a path",
    changes: { live: { redirects: [{ path: "/api", location: "/api/" }] } },
  },
  { check: "forms", name: "a form that nobody owns", changes: { live: { formStatus: 404 } } },
  {
    check: "dev-urls",
    name: "Vite's port in its own config, and in tests",
    changes: {
      texts: {
        "vite.config.ts": "// http://localhost:5173",
        "tests/a.ts": 'fetch("http://localhost:5173")',
      },
    },
  },
];

function findingsOf({ check, changes }: Pick<Case, "check" | "changes">): readonly Finding[] {
  const found = ALL_CHECKS.find(({ id }) => id === check);
  if (found === undefined) throw new Error(`there is no check ${check}`);
  return found.look(snapshotWith(changes));
}

test("no check finds anything in a healthy project", () => {
  const { findings, skipped } = examine(ALL_CHECKS, snapshotWith(), { now: () => 0 });
  deepEqual(findings, []);
  deepEqual(skipped, []);
});

for (const one of FAILING) {
  test(`${one.check} finds ${one.name}`, () => {
    const found = findingsOf(one).find(({ message }) => one.says.test(message));
    equal(found?.severity, one.severity, JSON.stringify(findingsOf(one)));
    // Every sentence is in our grammar: no full stop, and something to do.
    match(found?.message ?? "", /[^.]$/);
    match(found?.fix ?? "", /[^.]$/);
    const [edit] = found?.edits ?? [];
    equal(edit !== undefined, one.after !== undefined, "whether it is mended");
    if (one.after !== undefined) match(edit?.kind === "write" ? edit.after : "", one.after);
  });
}

for (const one of PASSING) {
  test(`${one.check} does not mind ${one.name}`, () => {
    deepEqual(findingsOf(one), []);
  });
}

test("every check is seen to fail", () => {
  const seen = new Set(FAILING.map(({ check }) => check));
  deepEqual(ALL_CHECKS.map(({ id }) => id).filter((id) => !seen.has(id)), []);
});

test("there are at least 30 checks, each with a name of its own", () => {
  const ids = ALL_CHECKS.map(({ id }) => id);
  equal(new Set(ids).size, ids.length);
  equal(ids.length >= 30, true);
});

test("a check that has nothing to look at is skipped", () => {
  const nothing = { ...snapshotWith(), vite: absentPart("nothing is installed") };
  const { findings, skipped } = examine(ALL_CHECKS, nothing, { now: () => 0 });
  deepEqual(findings, []);
  equal(
    skipped.some(({ check, why }) => check === "exposure" && why === "nothing is installed"),
    true,
  );
});
