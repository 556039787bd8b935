/**
 * Checks of the project: its options, its framework, what is built and generated of it, and where it runs.
 *
 * @module
 */
import { FRAMEWORKS } from "../sidecar/framework.ts";
import { isLoopbackHost } from "../sidecar/host_name.ts";
import type { Check } from "./check.ts";
import { error, type Finding, info, MAX_PLACES, show, warning } from "./finding.ts";
import { SERVER_FILES } from "./package_rules.ts";
import { known } from "./part.ts";
import { appPrefixes, frameworkOf, isSameBase } from "./project_facts.ts";

const options: Check = {
  id: "options",
  title: "the options can be used",
  look: ({ options: { problems } }) =>
    problems.map((message) =>
      error({ message, fix: "mend it where it is given; the command status shows where that is" })
    ),
};

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
  policy,
  remote,
  bridgeFile,
];
