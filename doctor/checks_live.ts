/**
 * Checks of the running system, for `--runtime`.
 *
 * @module
 */
import { isLoopbackHost } from "../sidecar/host_name.ts";
import type { Check } from "./check.ts";
import { error, type Finding, info, warning } from "./finding.ts";
import { known } from "./part.ts";
import type { Answer, ListenerFact } from "./snapshot.ts";

const running: Check = {
  id: "running",
  title: "a sidecar of this root answers, and nobody else has its port",
  look: (snapshot) => {
    const { instances, portOwner } = known(snapshot.live);
    const port = snapshot.options.config?.port;
    if (portOwner !== undefined) {
      return [error({
        message: `Port ${portOwner.port} belongs to somebody else`,
        evidence: [describe(portOwner)],
        fix: "end that process, or take another port: --port 0 takes any that is free",
      })];
    }
    return instances.length > 0 ? [] : [info({
      message: `Nothing of this root runs${port === undefined ? "" : `, and port ${port} is free`}`,
      fix: "start it with the command dev, and ask again",
    })];
  },
};

function describe({ address, port, pid, command }: ListenerFact): string {
  const who = pid === undefined ? "a process of another user" : `process ${pid}`;
  return `${address}:${port}: ${who}${command === "" ? "" : `, ${command}`}`;
}

const modulePath: Check = {
  id: "module-path",
  title: "modules come through the port as JavaScript",
  look: (snapshot) => {
    const { modules } = known(snapshot.live);
    return modules.flatMap(({ path, answer }): Finding[] => {
      const why = whyNoModule(answer);
      return why === undefined ? [] : [error({
        message: `Cannot get "${path}" through the port: ${why}`,
        evidence: typeof answer === "string" ? [] : [answer.text.slice(0, 120)],
        fix:
          "look whether appRoutes, or a route of the app that takes every path, owns it; viteRoutes " +
          "gives it back to Vite",
      })];
    });
  },
};

function whyNoModule(answer: Answer | string): string | undefined {
  if (typeof answer === "string") return answer;
  if (answer.status !== 200) return `the answer is ${answer.status}`;
  return /javascript/.test(answer.type)
    ? undefined
    : `the answer is ${answer.type || "of no type"}, not JavaScript`;
}

const hmrPath: Check = {
  id: "hmr-path",
  title: "the HMR socket connects through the port",
  look: (snapshot) => {
    const { hmr } = known(snapshot.live);
    if (hmr === undefined || hmr.isConnected) return [];
    return [error({
      message: `Cannot open the HMR socket through the port: ${hmr.why}`,
      fix: "a 403 is about Host or Origin, a 400 about Vite's token; otherwise see the log of dev",
    })];
  },
};

const publicHosts: Check = {
  id: "public-hosts",
  title: "each host that is allowed is let in",
  look: (snapshot) =>
    known(snapshot.live).hosts.flatMap(({ host, status }) =>
      status === 403 || typeof status === "string"
        ? [error({
          message: `Requests for the host "${host}" get ${
            typeof status === "string" ? "no answer" : "a 403"
          }`,
          evidence: [String(status)],
          fix: `--allowed-host ${host}; and restart, if it is listed already`,
        })]
        : []
    ),
};

const backend: Check = {
  id: "backend",
  title: "the backend answers, and is another program than we are",
  look: (snapshot) => {
    const { backend: found } = known(snapshot.live);
    if (found === undefined || found.state === "up") return [];
    const message = found.state === "loop"
      ? `The backend ${found.origin} leads back to the port that forwards to it`
      : `Nothing answers at the backend ${found.origin}`;
    return [error({
      message,
      fix: found.state === "loop"
        ? "give --backend the address of the backend itself"
        : "start it there, or let us start it with --backend-command",
    })];
  },
};

const redirects: Check = {
  id: "backend-redirects",
  title: "the backend's redirects stay on the port",
  look: (snapshot) => {
    const { redirects: all, instances } = known(snapshot.live);
    const origins = instances.map(({ url }) => new URL(url).origin);
    const away = all.filter(({ location }) =>
      /^https?:/.test(location) && !origins.includes(new URL(location).origin)
    );
    return away.length === 0 ? [] : [warning({
      message: "The backend sends browsers to an address that is not the one port",
      evidence: away.map(({ path, location }) => `${path} -> ${location}`),
      fix: "let it believe X-Forwarded-* (uvicorn --proxy-headers), or redirect to paths",
    })];
  },
};

const forms: Check = {
  id: "forms",
  title: "a form of the app's own page is not taken for an attack",
  look: (snapshot) => {
    const { formStatus } = known(snapshot.live);
    if (formStatus !== 403 && formStatus !== 400) return [];
    return [error({
      message:
        `A form of this very origin gets a ${formStatus}: the framework takes it for one of another site`,
      fix:
        "set ORIGIN, or PROTOCOL_HEADER and HOST_HEADER, for its server; for Astro security.allowedDomains",
    })];
  },
};

const extraPorts: Check = {
  id: "extra-ports",
  title: "what is started listens on loopback, and on no port more than it needs",
  look: (snapshot) => {
    const { listeners, instances } = known(snapshot.live);
    const needed = new Set(
      instances.flatMap(({ url, vite }) => [Number(new URL(url).port), vite?.port]),
    );
    const exposed = listeners.filter(({ address }) => !isLoopbackHost(address));
    const isMeant = (listener: ListenerFact): boolean =>
      needed.has(listener.port) && snapshot.options.config?.allowRemote === true;
    const open = exposed.filter((listener) => !isMeant(listener));
    const extra = listeners.filter((listener) =>
      !needed.has(listener.port) && !open.includes(listener) && !isBackend(listener, instances)
    );
    return [
      ...(open.length === 0 ? [] : [error({
        message: "Other machines reach a port of what was started",
        evidence: open.map(describe),
        fix:
          "bind it to 127.0.0.1; who is to be reached from elsewhere is the one port, with --host",
      })]),
      ...(extra.length === 0 ? [] : [warning({
        message:
          "Something that was started listens on a port of its own: it does not work through the one port",
        evidence: extra.map(describe),
        fix: snapshot.vite.kind === "known" && snapshot.vite.value.plugins.includes("litestar")
          ? "RuntimeConfig(start_dev_server=False) in the app, if it is litestar-vite's own Vite: one is enough"
          : "look which plugin opens it (devtools do), and switch it off or give it the page's origin",
      })]),
    ];
  },
};

function isBackend(
  { port }: ListenerFact,
  instances: readonly { readonly app: { readonly origin: string | undefined } }[],
): boolean {
  return instances.some(({ app }) =>
    app.origin !== undefined && Number(new URL(app.origin).port) === port
  );
}

const orphans: Check = {
  id: "orphans",
  title: "no dev server of this root is left alone",
  look: (snapshot) =>
    known(snapshot.live).orphans.map(({ pid, command }) =>
      warning({
        message: `A dev server of this root runs, and no sidecar started it: process ${pid}`,
        evidence: [command],
        fix: `kill ${pid}, if nobody needs it`,
      })
    ),
};

/** Checks of what runs. */
export const LIVE_CHECKS: readonly Check[] = [
  running,
  modulePath,
  hmrPath,
  publicHosts,
  backend,
  redirects,
  forms,
  extraPorts,
  orphans,
];
