/**
 * Checks of the project: its options, its framework, what is built and generated of it, and where it runs.
 *
 * @module
 */
import { type Framework, FRAMEWORKS } from "../sidecar/framework.ts";
import { isLoopbackHost } from "../sidecar/host_name.ts";
import type { Check } from "./check.ts";
import { appPrefixes } from "./checks_vite.ts";
import { error, type Finding, info, warning } from "./finding.ts";
import { SERVER_FILES } from "./package_rules.ts";
import { known } from "./part.ts";
import type { Snapshot, SystemFacts } from "./snapshot.ts";

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
const MAX_PLACES = 8;

const options: Check = {
  id: "options",
  title: "the options can be used",
  look: ({ options: { problems } }) =>
    problems.map((message) =>
      error({ message, fix: "mend it where it is given; the command status shows where that is" })
    ),
};

/** The framework that a project lists. */
function listedFramework(snapshot: Snapshot): Framework | undefined {
  const { listed } = known(snapshot.packages);
  return Object.values(FRAMEWORKS).find((framework) => listed.has(framework.package));
}

/** The framework that makes the pages; beside a page of Vite's own it is a guest. */
function frameworkOf(snapshot: Snapshot): Framework | undefined {
  const isMeant = snapshot.options.config?.pages === "framework" || !hasPage(snapshot);
  return isMeant ? listedFramework(snapshot) : undefined;
}

function hasPage({ files }: Snapshot): boolean {
  return known(files).files.some(({ path }) => path === "index.html");
}

const frameworkMode: Check = {
  id: "framework-mode",
  title: "the mode is that of the project's framework",
  look: (snapshot) => {
    const { config, file } = snapshot.options;
    if (config === undefined) return [];
    const { pages } = config;
    const framework = frameworkOf(snapshot);
    if (framework !== undefined && pages !== undefined && pages !== "framework") {
      return [error({
        message: `${framework.title} answers all pages itself, and the mode is ${show(pages)}`,
        evidence: [`${framework.package} in package.json`],
        fix: 'set mode: "framework" in sidecar.config.ts, or take the mode out',
        edits: file === undefined ? [] : frameworkEdit(file),
      })];
    }
    if (framework === undefined && pages === "framework" && config.framework === undefined) {
      return [error({
        message: 'The mode is "framework", and package.json lists none that is known',
        fix: `install one of ${
          Object.values(FRAMEWORKS).map(({ title }) => title).join(", ")
        }, or take the mode out`,
      })];
    }
    return [];
  },
};

/** Exchanges a mode that stands in the file once, by itself. */
function frameworkEdit(
  { path, text }: { readonly path: string; readonly text: string },
): Finding["edits"] {
  const pattern = /\bmode\s*:\s*(["'])(?:spa|template|htmx|hybrid)\1/g;
  if ([...text.matchAll(pattern)].length !== 1) return [];
  return [{ kind: "write", path, before: text, after: text.replace(pattern, 'mode: "framework"') }];
}

const apiConflict: Check = {
  id: "api-conflict",
  title: "the app and the front end do not answer the same paths",
  look: (snapshot) => {
    const framework = frameworkOf(snapshot);
    const prefixes = appPrefixes(snapshot);
    if (prefixes.length === 0) return [];
    const { files } = known(snapshot.files);
    const findings: Finding[] = [];
    const own = framework === undefined
      ? []
      : files.map(({ path }) => path).filter((path) =>
        framework.apiSources.some((source) => path.startsWith(source))
      );
    if (own.length > 0) {
      findings.push(error({
        message:
          `${framework?.title} has routes below /api, which belong to the app: nobody ever asks them`,
        evidence: own.slice(0, MAX_PLACES),
        fix: "move them below another path, or the app's below one that appRoutes names",
      }));
    }
    const publicFiles = files.map(({ path }) => path).filter((path) =>
      prefixes.some((prefix) => path.startsWith(`public${prefix}/`))
    );
    if (publicFiles.length > 0) {
      findings.push(warning({
        message: "Files of publicDir lie below paths of the app, which answers first",
        evidence: publicFiles.slice(0, MAX_PLACES),
        fix: "move them, or name their paths in viteRoutes",
      }));
    }
    return findings;
  },
};

/** Case: fetch("/api/books"), $fetch('/api') */
const SERVER_FETCH_REGEXP = /\$?fetch\(\s*[`"']\/[\w-]/;

const serverFetch: Check = {
  id: "server-fetch",
  title: "code on the server asks the app by its whole address",
  look: (snapshot) => {
    const framework = frameworkOf(snapshot);
    if (framework === undefined || appPrefixes(snapshot).length === 0) return [];
    const { texts } = known(snapshot.files);
    const places = [...texts].filter(([path, text]) =>
      SERVER_FILES[framework.name].test(path) && SERVER_FETCH_REGEXP.test(text) &&
      !text.includes("SIDECAR_API_URL")
    ).map(([path]) => path);
    // SvelteKit and Nuxt have a fetch that knows the request; with a hook it asks the app.
    const isHandled = [...texts].some(([path, text]) =>
      /^src\/hooks\.server\.[jt]s$/.test(path) && text.includes("handleFetch")
    );
    if (places.length === 0 || isHandled) return [];
    return [warning({
      message:
        `Code that ${framework.title} runs on the server fetches a path without a host: there it ` +
        "fails, or asks the framework itself",
      evidence: places.slice(0, MAX_PLACES),
      fix: "fetch(new URL(path, process.env.SIDECAR_API_URL)) on the server",
    })];
  },
};

const build: Check = {
  id: "build",
  title: "what is built is whole, and as new as its sources",
  look: (snapshot) => {
    const { problems, missing, folder, builtMs, entries, manifestPath, base } = known(
      snapshot.build,
    );
    const findings: Finding[] = problems.map((message) =>
      error({ message, evidence: [folder], fix: "build again: the command build" })
    );
    if (missing.length > 0) {
      findings.push(error({
        message: `${missing.length} files that the manifest names are not there`,
        evidence: missing.slice(0, MAX_PLACES),
        fix: "build again: the command build",
      }));
    }
    if (manifestPath === undefined) return findings;
    const { files } = known(snapshot.files);
    const gone = entries.filter((entry) => !files.some(({ path }) => path === entry));
    if (gone.length > 0 && !known(snapshot.files).isCut) {
      findings.push(warning({
        message: "Sources that were built are not there any more",
        evidence: gone.slice(0, MAX_PLACES),
        fix: "build again: the command build",
      }));
    }
    // Built files lie below a folder that is not walked; what is left are sources.
    const newer = files.filter(({ path, mtimeMs }) => isSource(path) && mtimeMs > builtMs);
    if (newer.length > 0) {
      findings.push(info({
        message: `${newer.length} sources are newer than the build`,
        evidence: newer.slice(0, 3).map(({ path }) => path),
        fix: "build again before serve: the command build",
      }));
    }
    const assetUrl = snapshot.options.config?.assetUrl;
    if (typeof base === "string" && assetUrl !== undefined && !isSameBase(base, assetUrl)) {
      findings.push(error({
        message: `The build is made for the base ${show(base)}, and assetUrl is ${show(assetUrl)}`,
        evidence: [folder],
        fix: "build again: the command build",
      }));
    }
    return findings;
  },
};

/** Whether a build is made of a file, as far as its place tells. */
export function isSource(path: string): boolean {
  return /^(?:src|app|resources|public|lib)\//.test(path) && !/(?:^|\/)generated\//.test(path) ||
    path === "index.html" || /^vite\.config\./.test(path);
}

function isSameBase(base: string, assetUrl: string): boolean {
  const slashed = (url: string): string => url.endsWith("/") ? url : `${url}/`;
  return base === "./" || base === "" || slashed(base) === slashed(assetUrl);
}

const types: Check = {
  id: "types",
  title: "generated types are up to date, and where they may be",
  look: (snapshot) => {
    const { kind, output, files, problems } = known(snapshot.types);
    const findings: Finding[] = [];
    if (kind === "stale") {
      findings.push(error({
        message: `${files.length} generated files in "${output}" are not up to date`,
        evidence: files.slice(0, MAX_PLACES),
        fix: "the command generate-types",
      }));
    }
    if (kind === "failed") {
      findings.push(error({
        message: `Cannot tell whether the types in "${output}" are up to date: ${
          problems[0] ?? "nobody says why"
        }`,
        evidence: problems.slice(1, MAX_PLACES),
        fix: "the command generate-types says more",
      }));
    }
    const framework = frameworkOf(snapshot);
    if (
      framework !== undefined &&
      /^(?:src\/(?:pages|routes)|app\/routes|\.nuxt|\.svelte-kit)(?:\/|$)/.test(output)
    ) {
      findings.push(error({
        message:
          `Types are generated into "${output}", where ${framework.title} takes every file for a page`,
        fix: "give types.output another folder",
      }));
    }
    return findings;
  },
};

const leftovers: Check = {
  id: "leftovers",
  title: "nothing says that a server runs which does not",
  look: (snapshot) =>
    known(snapshot.leftovers).flatMap(({ path, text, what, staleWhy }) =>
      staleWhy === undefined ? [] : [warning({
        message: `${what} "${path}" is left of a server that is gone: ${staleWhy}`,
        evidence: [path],
        fix: `rm ${path}`,
        edits: [{ kind: "remove", path, before: text }],
      })]
    ),
};

/** Fewer than these, and a project of a few thousand files hears of no change. */
const FEW_WATCHES = 16_384;
const MAX_SKEW_MS = 5_000;

const environment: Check = {
  id: "environment",
  title: "the machine and its variables are no trap",
  look: (snapshot) => {
    const { environment: env, ...system } = known(snapshot.system);
    const findings: Finding[] = [];
    const has = (name: string): boolean => (env[name] ?? "") !== "";
    if (env["NODE_ENV"] === "production" && snapshot.options.config?.dev !== false) {
      findings.push(warning({
        message:
          'NODE_ENV is "production": dev serves development code with the libraries of production',
        fix: "unset NODE_ENV",
      }));
    }
    const proxy = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"].find(has);
    const noProxy = `${env["NO_PROXY"] ?? ""},${env["no_proxy"] ?? ""}`;
    if (proxy !== undefined && !/(?:^|,)\s*(?:\*|localhost|127\.)/.test(noProxy)) {
      findings.push(info({
        message:
          `${proxy} is set, and NO_PROXY has no 127.0.0.1: an app that fetches from itself asks the proxy`,
        fix: "export NO_PROXY=127.0.0.1,localhost",
      }));
    }
    if (has("BUN_CONFIG_MAX_HTTP_REQUESTS") && Number(env["BUN_CONFIG_MAX_HTTP_REQUESTS"]) < 256) {
      findings.push(warning({
        message: "BUN_CONFIG_MAX_HTTP_REQUESTS is below 256: what the app fetches waits in a row",
        fix: "unset it",
      }));
    }
    return [
      ...findings,
      ...serverVariables(snapshot, env),
      ...machine(system),
      ...clock(snapshot, system.nowMs),
    ];
  },
};

/** What the servers of frameworks read, and their users did not mean. */
function serverVariables(
  snapshot: Snapshot,
  env: Readonly<Record<string, string | undefined>>,
): Finding[] {
  if (snapshot.packages.kind !== "known" || frameworkOf(snapshot) === undefined) return [];
  const names = ["PORT", "HOST", "NITRO_PORT", "NITRO_HOST"].filter((name) =>
    (env[name] ?? "") !== ""
  );
  return names.length === 0 ? [] : [warning({
    message: `${names.join(", ")} reach the server of the framework, which then listens elsewhere`,
    fix: `unset ${names.join(" ")}`,
  })];
}

function machine(
  { maxWatches, isWsl, isCaseSensitive, platform }: Omit<SystemFacts, "environment">,
): Finding[] {
  const findings: Finding[] = [];
  if (maxWatches !== undefined && maxWatches < FEW_WATCHES) {
    findings.push(warning({
      message: `Linux watches ${maxWatches} files for a user: edits go unheard in a larger project`,
      fix: "sudo sysctl fs.inotify.max_user_watches=524288",
    }));
  }
  if (isWsl) {
    findings.push(warning({
      message: "The root is on a drive of Windows (/mnt): no edit is heard there, and all is slow",
      fix: "move the project into the file system of Linux, as ~/project",
    }));
  }
  if (isCaseSensitive === false && platform === "linux") {
    findings.push(info({
      message:
        'The root is on a file system that takes "App.ts" for "app.ts": imports that work here fail elsewhere',
      fix: "turn on forceConsistentCasingInFileNames in tsconfig.json",
    }));
  }
  return findings;
}

/** A file from the future: its clock, or ours, is wrong. */
function clock({ files }: Snapshot, nowMs: number): Finding[] {
  if (files.kind !== "known") return [];
  const newest = Math.max(0, ...files.value.files.map(({ mtimeMs }) => mtimeMs));
  if (newest - nowMs <= MAX_SKEW_MS) return [];
  return [warning({
    message: `Files are ${
      Math.round((newest - nowMs) / 1000)
    } s from the future: what is new looks old`,
    fix: "set the clock of this machine, and of the one that has the files",
  })];
}

const policy: Check = {
  id: "content-policy",
  title: "the content security policy lets HMR through in development",
  look: ({ options: { config } }) => {
    const text = config?.policy;
    if (config === undefined || text === undefined || config.dev === false) return [];
    const directive = /(?:^|;)\s*connect-src\s+([^;]*)/i.exec(text) ??
      /(?:^|;)\s*default-src\s+([^;]*)/i.exec(text);
    const sources = directive?.[1]?.trim().split(/\s+/) ?? [];
    const isOpen = directive === null ||
      sources.some((source) => /^(?:'self'|\*|wss?:)/i.test(source));
    return isOpen ? [] : [warning({
      message: "contentSecurityPolicy lets no socket connect: in development nothing is updated",
      evidence: [directive?.[0]?.replace(/^;/, "").trim() ?? ""],
      fix: "add 'self' to connect-src",
    })];
  },
};

const remote: Check = {
  id: "remote",
  title: "who is reached from elsewhere knows by which names and through whom",
  look: ({ options: { config } }) => {
    if (config === undefined || isLoopbackHost(config.host)) return [];
    const findings: Finding[] = [];
    if (config.allowedHosts !== true && config.allowedHosts.length === 0 && config.dev !== false) {
      findings.push(info({
        message:
          `It listens on ${config.host}, and allowedHosts is empty: a name of this machine gets a 403`,
        fix: "--allowed-host NAME for each name that browsers use",
      }));
    }
    // What the option "*" becomes.
    if (config.trustedProxies.some((range) => range === "0.0.0.0/0" || range === "::/0")) {
      findings.push(warning({
        message:
          "trustedProxies is everybody: every client may say who it is and by which scheme it came",
        fix: "give the address of the proxy, as 10.0.0.0/8",
      }));
    }
    return findings;
  },
};

const bridgeFile: Check = {
  id: "bridge-file",
  title: ".litestar.json says what is so",
  look: (snapshot) => {
    const { texts } = known(snapshot.files);
    const text = texts.get(".litestar.json");
    const { config } = snapshot.options;
    if (text === undefined || config === undefined) return [];
    const fields = fieldsOf(text);
    if (fields === undefined) {
      return [error({
        message: 'Cannot read ".litestar.json": it is no object of JSON',
        evidence: [".litestar.json"],
        fix: "start the Litestar app once: litestar-vite writes the file",
      })];
    }
    const { bundleDir, assetUrl } = fields;
    const findings: Finding[] = [];
    if (
      typeof bundleDir === "string" && snapshot.options.sources.has("bundleDir") &&
      !config.bundleDir.endsWith(`/${bundleDir.replace(/^\.?\/|\/$/g, "")}`)
    ) {
      findings.push(warning({
        message:
          `".litestar.json" says bundleDir ${show(bundleDir)}, and the option says ${
            show(config.bundleDir)
          }: ` +
          "the backend looks for files where they are not",
        evidence: [".litestar.json", snapshot.options.sources.get("bundleDir") ?? ""],
        fix: "give both the same folder",
      }));
    }
    if (
      typeof assetUrl === "string" && config.assetUrl !== undefined &&
      !isSameBase(assetUrl, config.assetUrl)
    ) {
      findings.push(warning({
        message: `".litestar.json" says assetUrl ${show(assetUrl)}, and the option says ${
          show(config.assetUrl)
        }`,
        evidence: [".litestar.json", snapshot.options.sources.get("assetUrl") ?? ""],
        fix: "give both the same URL",
      }));
    }
    return findings;
  },
};

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    // Any object can be asked for any name.
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

/** Checks of the project. */
export const PROJECT_CHECKS: readonly Check[] = [
  options,
  frameworkMode,
  apiConflict,
  serverFetch,
  build,
  types,
  leftovers,
  environment,
  policy,
  remote,
  bridgeFile,
];
