/**
 * Checks of what `vite.config` says, as Vite itself reads it.
 *
 * @module
 */
import { relative } from "node:path";
import { isLoopbackHost } from "../sidecar/host_name.ts";
import type { Check } from "./check.ts";
import { error, type Finding, MAX_PLACES, show, warning } from "./finding.ts";
import { known } from "./part.ts";
import type { Snapshot, ViteFacts } from "./snapshot.ts";

/** Whether Vite listens for the browser itself. */
function listensItself({ options: { config } }: Snapshot): boolean {
  return config !== undefined && (config.direct || config.vite.kind === "external");
}

/** Whether a plugin says it that is made for a Vite of its own port: behind the one port that is left out. */
function isPluginOfBackend(snapshot: Snapshot, { plugins }: ViteFacts): boolean {
  return !listensItself(snapshot) &&
    plugins.some((name) => name === "litestar" || name === "laravel");
}

/** `vite.config`, by its name in the root, and its text. */
function configFile(
  snapshot: Snapshot,
  vite: ViteFacts,
): { path: string; text: string } | undefined {
  if (vite.configFile === undefined) return undefined;
  const path = relative(snapshot.root, vite.configFile).replaceAll("\\", "/");
  const text = known(snapshot.files).texts.get(path);
  return text === undefined ? undefined : { path, text };
}

const hmrEndpoint: Check = {
  id: "hmr-endpoint",
  title: "the HMR client finds its way by the page's own address",
  look: (snapshot) => {
    const vite = known(snapshot.vite);
    const entries = Object.entries(vite.server.hmr);
    if (entries.length === 0 || isPluginOfBackend(snapshot, vite)) return [];
    const given = {
      message: `vite.config says where the HMR socket is: ${
        entries.map(([key, value]) => `${key} ${show(value)}`).join(", ")
      }`,
      evidence: vite.configFile === undefined ? [] : [vite.configFile],
      fix: "take these out: the socket goes through the one port",
      edits: withoutClientPort(snapshot, vite),
    };
    return [
      listensItself(snapshot)
        ? error(given)
        // Ours leaves them out at the start; who runs `vite` by hand meets them.
        : warning({ ...given, message: `${given.message}; behind the one port that is left out` }),
    ];
  },
};

/** Takes out a line with nothing but `clientPort: 5173`; the other names mean other things in other places. */
function withoutClientPort(snapshot: Snapshot, vite: ViteFacts): Finding["edits"] {
  const file = configFile(snapshot, vite);
  if (file === undefined) return [];
  const lines = file.text.split("\n");
  const found = lines.filter((line) => /^\s*clientPort\s*:\s*\d+\s*,?\s*$/.test(line));
  if (found.length !== 1) return [];
  const after = lines.filter((line) => line !== found[0]).join("\n");
  return [{ kind: "write", path: file.path, before: file.text, after }];
}

const serverProxy: Check = {
  id: "server-proxy",
  title: "vite.config forwards nothing that the one port forwards",
  look: (snapshot) => {
    const { server, configFile: file } = known(snapshot.vite);
    if (server.proxy.length === 0 || snapshot.options.config?.app.kind === "none") return [];
    // In direct mode it is Vite that forwards, and users may add rules.
    if (snapshot.options.config?.direct === true) return [];
    return [warning({
      message:
        `vite.config forwards ${server.proxy.map(show).join(", ")}: through the one port the ` +
        "app is asked before Vite, so these rules never apply, or apply to the wrong backend",
      evidence: file === undefined ? [] : [file],
      fix: "take server.proxy out of vite.config",
    })];
  },
};

const DEV_URL_REGEXP = /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(?:5173|5174|24678)\b/;

const devUrls: Check = {
  id: "dev-urls",
  title: "nothing names Vite's own port",
  look: (snapshot) => {
    const findings: Finding[] = [];
    const { texts } = known(snapshot.files);
    const places = [...texts].flatMap(([path, text]) => {
      if (!/\.(?:html?|jinja2?|j2|vto|[cm]?[jt]sx?|vue|svelte|py)$/.test(path)) return [];
      if (/^(?:vite|sidecar)\.config\./.test(path) || /(?:^|\/)tests?\//.test(path)) return [];
      const match = DEV_URL_REGEXP.exec(text);
      return match === null ? [] : [`${path}:${lineOf(text, match.index)}: ${match[0]}`];
    });
    if (places.length > 0) {
      findings.push(warning({
        message: "Vite's own port is written into sources: it is another one at each start, and " +
          "none in production",
        evidence: places.slice(0, MAX_PLACES),
        fix: "use paths without a host, as /src/main.ts, or tags() of the sidecar",
      }));
    }
    const vite = snapshot.vite.kind === "known" ? snapshot.vite.value : undefined;
    const isOwn = vite !== undefined && !isPluginOfBackend(snapshot, vite);
    if (isOwn && vite.server.origin !== undefined && !listensItself(snapshot)) {
      findings.push(warning({
        message:
          `vite.config says server.origin ${show(vite.server.origin)}: where somebody runs ` +
          '"vite" by hand, images and fonts leave the one port; behind it that is left out',
        evidence: vite.configFile === undefined ? [] : [vite.configFile],
        fix: "take server.origin out of vite.config",
      }));
    }
    return findings;
  },
};

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

const exposure: Check = {
  id: "exposure",
  title: "Vite is not open to other machines and other sites",
  look: (snapshot) => {
    const { server, configFile: file } = known(snapshot.vite);
    const evidence = file === undefined ? [] : [file];
    const findings: Finding[] = [];
    const host = server.host === true ? "0.0.0.0" : server.host;
    if (typeof host === "string" && !isLoopbackHost(host)) {
      const itself = listensItself(snapshot);
      const given = {
        message:
          `vite.config says server.host ${show(server.host)}: every machine of the network ` +
          `reads your sources${itself ? "" : ' where somebody runs "vite" by hand'}`,
        evidence,
        fix: "take server.host out; to be reached from elsewhere, use --host with --allow-remote",
      };
      findings.push(itself ? error(given) : warning(given));
    }
    if (server.cors === true) {
      findings.push(error({
        message:
          "vite.config says server.cors true: every web site that you visit may read your sources",
        evidence,
        fix: "take server.cors out: pages of the one port need none",
      }));
    }
    if (server.allowedHosts === true) {
      findings.push(error({
        message:
          "vite.config says server.allowedHosts true: a web site that you visit can read your " +
          "sources by DNS rebinding",
        evidence,
        fix: "list the hosts, with --allowed-host at the one port",
      }));
    }
    return findings;
  },
};

const base: Check = {
  id: "base",
  title: "the dev base begins and ends with a slash",
  look: (snapshot) => {
    const { texts } = known(snapshot.files);
    const vite = known(snapshot.vite);
    const file = configFile(snapshot, vite);
    const text = file === undefined ? undefined : texts.get(file.path);
    const match = /^[ \t]*base[ \t]*:[ \t]*["']([^"'$\n]+)["']/m.exec(text ?? "");
    const [, said = ""] = match ?? [];
    if (match === null || said === "./" || /^https?:/.test(said) || /^\/(?:.*\/)?$/.test(said)) {
      return [];
    }
    const wanted = `/${said.replace(/^\.?\/+|\/+$/g, "")}/`;
    return [warning({
      message: `vite.config says base ${show(said)}: it has to begin and end with a slash`,
      evidence: file === undefined ? [] : [file.path],
      fix: `write base: ${show(wanted)}`,
      edits: file === undefined ? [] : [{
        kind: "write",
        path: file.path,
        before: file.text,
        after: file.text.replace(match[0], () => match[0].replace(said, () => wanted)),
      }],
    })];
  },
};

/** Whether a path is a folder, or lies in it. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !/^(?:[A-Za-z]:|\/)/.test(way));
}

const buildFolders: Check = {
  id: "build-folders",
  title: "a build replaces nothing but builds",
  look: (snapshot) => {
    const { root, publicDir, build, configFile: file } = known(snapshot.vite);
    const { config } = snapshot.options;
    const evidence = file === undefined ? [] : [file];
    const findings: Finding[] = [];
    const outDir = relative(root, build.outDir) || ".";
    if (publicDir !== "" && isWithin(publicDir, build.outDir)) {
      findings.push(error({
        message: `The build goes into publicDir (${show(outDir)}), from which Vite copies into it`,
        evidence,
        fix: "give build.outDir, or publicDir, another folder",
      }));
    }
    if (!isWithin(root, build.outDir) && build.emptyOutDir === null && config === undefined) {
      findings.push(warning({
        message: `The build goes outside of the root (${show(outDir)}): Vite does not empty it`,
        evidence,
        fix: "set build.emptyOutDir",
      }));
    }
    if (build.isSsr && config?.ssrEntry === undefined) {
      findings.push(warning({
        message: "vite.config says build.ssr: every build then replaces that of the browsers",
        evidence,
        fix: "take it out, and give the module as --ssr-entry: both are built, into two folders",
      }));
    }
    return findings;
  },
};

const environmentPrefix: Check = {
  id: "env-secrets",
  title: "no secret is in a variable that browsers get",
  look: (snapshot) => {
    const { texts } = known(snapshot.files);
    const prefixes = snapshot.vite.kind === "known" ? snapshot.vite.value.envPrefix : ["VITE_"];
    const names = [...texts].flatMap(([path, text]) =>
      /(?:^|\/)\.env(?:\.|$)/.test(path)
        ? variableNames(text).filter((name) => isPublicSecret(name, prefixes)).map((name) =>
          `${name} in ${path}`
        )
        : []
    );
    const findings: Finding[] = [];
    if (prefixes.some((prefix) => prefix === "")) {
      findings.push(error({
        message:
          'vite.config says envPrefix "": every variable of the machine goes to the browsers',
        fix: 'give it a prefix, as "VITE_"',
      }));
    }
    if (names.length > 0) {
      findings.push(error({
        message: "Variables that look like secrets are built into what every visitor gets",
        evidence: names,
        fix: `rename them without ${prefixes.map(show).join(" or ")}, and read them on the server`,
      }));
    }
    return findings;
  },
};

const SECRET_NAME_REGEXP = /(?:SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|CREDENTIAL|(?:^|_)DSN$)/i;

function isPublicSecret(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => prefix !== "" && name.startsWith(prefix)) &&
    SECRET_NAME_REGEXP.test(name);
}

function variableNames(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=/gm)].map(([, name = ""]) =>
    name
  );
}

const twoPlugins: Check = {
  id: "two-plugins",
  title: "one plugin says what the build is",
  look: (snapshot) => {
    const { plugins, configFile: file } = known(snapshot.vite);
    const hasOurs = plugins.includes("lv-sidecar-vite");
    const others = plugins.filter((name) => name === "litestar" || name === "laravel");
    if (!hasOurs || others.length === 0) return [];
    return [error({
      message: `vite.config has the plugins of the sidecar and of ${others.join(", ")}: both say ` +
        "where the build goes and write the hot file",
      evidence: file === undefined ? [] : [file],
      fix: `take ${others.join(", ")} out: see docs/from-litestar-vite.md`,
    })];
  },
};

/** Checks of Vite's configuration. */
export const VITE_CHECKS: readonly Check[] = [
  hmrEndpoint,
  serverProxy,
  devUrls,
  exposure,
  base,
  buildFolders,
  environmentPrefix,
  twoPlugins,
];
