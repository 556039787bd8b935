/**
 * Looks at the running system: asks a sidecar how it is, and asks through its port for what a browser would.
 *
 * @module
 */
import { request as requestHttp } from "node:http";
import { connect } from "node:net";
import process from "node:process";
import type { Config } from "../sidecar/config_types.ts";
import { findFramework } from "../sidecar/framework_source.ts";
import { STATUS_KEY_FIELD, STATUS_PATH } from "../sidecar/status_desk.ts";
import { firstModule, hmrPlace, parseInstance } from "./live_answers.ts";
import {
  descendantsOf,
  isAlive,
  listListeners,
  listProcesses,
  type ProcessFact,
} from "./processes.ts";
import type { Answer, InstanceFact, ListenerFact, LiveFacts } from "./snapshot.ts";

/** Where a sidecar says that it runs. */
export interface LiveRecord {
  readonly pid: number;
  readonly url: string;
  readonly key: string;
}

/** What is looked at. */
export interface LiveRequest {
  /** Absolute. */
  readonly root: string;
  readonly config: Config | undefined;
  readonly records: readonly LiveRecord[];
  readonly signal: AbortSignal;
}

const ANSWER_MS = 3000;
const CONNECT_MS = 1000;
const MAX_BODY_BYTES = 512 * 1024;
const HTML = { accept: "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" };

/** Looks. What does not answer in time is told as such; nothing is changed. */
export async function collectLive({ root, config, records }: LiveRequest): Promise<LiveFacts> {
  const instances = await askInstances(records);
  const processes = await listProcesses();
  const all = await listListeners(processes);
  const first = instances[0];
  const tree = descendantsOf(instances.map(({ pid }) => pid), processes);
  return {
    instances,
    portOwner: await ownerOfPort(config, instances, all),
    ...await lookThrough(first, config),
    backend: await lookAtBackend(first, config, records),
    listeners: all.filter(({ pid }) => pid !== undefined && tree.has(pid)),
    orphans: orphansOf(root, processes, tree),
  };
}

/** Asks each sidecar that left its address how it is; who does not answer to the key is none. */
export async function askInstances(
  records: readonly LiveRecord[],
): Promise<readonly InstanceFact[]> {
  const answers = await Promise.all(
    records.filter(({ pid }) => isAlive(pid)).map(async (record) => {
      const answer = await ask(record.url, STATUS_PATH, { [STATUS_KEY_FIELD]: record.key });
      return typeof answer === "string" || answer.status !== 200
        ? undefined
        : parseInstance(answer.text, record);
    }),
  );
  return answers.filter((each) => each !== undefined);
}

/** Sends one request, and takes a limited part of its answer; a text says why there is none. */
function ask(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer | string> {
  const { promise, resolve } = Promise.withResolvers<Answer | string>();
  // A URL that means "all addresses" is none to ask; those who wrote the file wrote one that is.
  const asked = requestHttp(new URL(path, url), {
    agent: false,
    method: body === undefined ? "GET" : "POST",
    headers,
    signal: AbortSignal.timeout(ANSWER_MS),
  }, (answer) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const finish = (): void => {
      resolve({
        status: answer.statusCode ?? 0,
        type: answer.headers["content-type"] ?? "",
        location: answer.headers.location,
        text: new TextDecoder().decode(joined(chunks)),
      });
      answer.destroy();
    };
    answer.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
      if ((size += chunk.length) > MAX_BODY_BYTES) finish();
    });
    answer.on("end", finish);
    answer.on("error", finish);
  });
  asked.on("error", (error) => resolve(`no answer: ${error.message}`));
  asked.end(body);
  return promise;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Finds who has the port that we would listen on; nobody if it is one of ours.
 *
 * @param listeners What listens, if that is known already.
 */
export async function ownerOfPort(
  config: Config | undefined,
  instances: readonly InstanceFact[],
  listeners?: readonly ListenerFact[],
): Promise<ListenerFact | undefined> {
  if (config === undefined || config.port === 0) return undefined;
  const { host, port } = config;
  if (instances.some(({ url }) => Number(new URL(url).port) === port)) return undefined;
  if (!await accepts(host, port)) return undefined;
  const all = listeners ?? await listListeners(await listProcesses());
  return all.find((listener) => listener.port === port) ??
    { address: host, port, pid: undefined, command: "" };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

type Through = Pick<LiveFacts, "modules" | "hmr" | "hosts" | "redirects" | "formStatus">;

/** Asks through the port for what a browser asks for. */
async function lookThrough(
  instance: InstanceFact | undefined,
  config: Config | undefined,
): Promise<Through> {
  const nothing = { modules: [], hmr: undefined, hosts: [], redirects: [], formStatus: undefined };
  if (instance === undefined) return nothing;
  const { url, vite } = instance;
  return {
    ...nothing,
    hosts: await askHosts(url, config),
    redirects: await askRedirects(instance, config),
    ...(await isFramework(config) ? { formStatus: await postForm(url) } : {}),
    ...(vite === undefined || vite.condition !== "ready" ? {} : await lookAtVite(url, vite.base)),
  };
}

async function isFramework(config: Config | undefined): Promise<boolean> {
  return config !== undefined &&
    await findFramework(config).then((found) => found !== undefined, () => false);
}

async function lookAtVite(
  url: string,
  base: string,
): Promise<Pick<LiveFacts, "modules" | "hmr">> {
  const clientPath = `${base}@vite/client`;
  const client = await ask(url, clientPath);
  const page = await ask(url, "/", HTML);
  const entry = typeof page === "string" ? undefined : firstModule(page.text, url);
  const modules = [
    { path: clientPath, answer: client },
    ...(entry === undefined || entry === clientPath
      ? []
      : [{ path: entry, answer: await ask(url, entry) }]),
  ];
  if (typeof client === "string" || client.status !== 200) return { modules, hmr: undefined };
  const { token, path } = hmrPlace(client.text, base);
  return { modules, hmr: await openHmr(url, path, token) };
}

/** Opens the socket as Vite's client does, and waits for its first word. */
function openHmr(
  url: string,
  path: string,
  token: string | undefined,
): Promise<NonNullable<LiveFacts["hmr"]>> {
  const place = new URL(path, url.replace(/^http/, "ws"));
  if (token !== undefined) place.searchParams.set("token", token);
  return new Promise((resolve) => {
    const socket = new WebSocket(place, ["vite-hmr"]);
    let isOver = false;
    const end = (isConnected: boolean, why: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      resolve({ isConnected, why });
      socket.close();
    };
    const timer = setTimeout(() => end(false, `no word within ${ANSWER_MS} ms`), ANSWER_MS);
    socket.onmessage = ({ data }) =>
      end(String(data).includes('"connected"'), `its first word is ${String(data).slice(0, 60)}`);
    socket.onerror = () => end(false, "the handshake is refused");
    socket.onclose = ({ code, reason }) => end(false, `it is closed: ${code} ${reason}`.trim());
  });
}

async function askHosts(
  url: string,
  config: Config | undefined,
): Promise<LiveFacts["hosts"]> {
  if (config === undefined || config.allowedHosts === true) return [];
  return await Promise.all(config.allowedHosts.map(async (host) => {
    // Case: .example.com -> example.com
    const name = host.replace(/^\./, "");
    const answer = await ask(url, "/", { ...HTML, host: name });
    return { host: name, status: typeof answer === "string" ? answer : answer.status };
  }));
}

async function askRedirects(
  { url, app }: InstanceFact,
  config: Config | undefined,
): Promise<LiveFacts["redirects"]> {
  if (app.origin === undefined || config === undefined) return [];
  const paths = ["/api", ...config.appRoutes.filter((route) => /^\/[\w/-]+$/.test(route))];
  const asked = paths.slice(0, 5).flatMap((path) => [path, `${path}/`]);
  const answers = await Promise.all(asked.map(async (path) => {
    const answer = await ask(url, path);
    const location = typeof answer === "string" ? undefined : answer.location;
    return location === undefined ? undefined : { path, location };
  }));
  return answers.filter((each) => each !== undefined);
}

/** A path that nobody owns: what refuses it there is a check of the origin, before any route. */
async function postForm(url: string): Promise<number | undefined> {
  const answer = await ask(url, "/__sidecar/no-such-form", {
    "content-type": "application/x-www-form-urlencoded",
    origin: new URL(url).origin,
  }, "a=b");
  return typeof answer === "string" ? undefined : answer.status;
}

async function lookAtBackend(
  instance: InstanceFact | undefined,
  config: Config | undefined,
  records: readonly LiveRecord[],
): Promise<LiveFacts["backend"]> {
  const origin = instance?.app.origin ??
    (config?.app.kind === "backend" ? config.app.url : undefined);
  if (origin === undefined) return undefined;
  const { hostname, port, protocol } = new URL(origin);
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  if (!await accepts(hostname.replace(/^\[|\]$/g, ""), number)) return { origin, state: "down" };
  for (const { key } of protocol === "http:" ? records : []) {
    const answer = await ask(origin, STATUS_PATH, { [STATUS_KEY_FIELD]: key });
    const isWe = typeof answer !== "string" && answer.status === 200 &&
      parseInstance(answer.text, { pid: 0, url: origin }) !== undefined;
    if (isWe) return { origin, state: "loop" };
  }
  return { origin, state: "up" };
}

/** The programs that serve sources. */
const DEV_SERVER_REGEXP =
  /(?:^|[/\s])(?:vite|astro|nuxt|nuxi|react-router|runner-[0-9a-f]{16}\.mjs|framework-[0-9a-f]{16}\.mjs)(?:\.m?js)?(?:\s|$)/;

function orphansOf(
  root: string,
  processes: readonly ProcessFact[],
  ours: ReadonlySet<number>,
): LiveFacts["orphans"] {
  return processes.filter(({ pid, folder, command }) =>
    folder === root && pid !== process.pid && !ours.has(pid) && DEV_SERVER_REGEXP.test(command) &&
    // A Vite that was built for one run, and we ourselves, are none.
    !/\s(?:build|doctor|status|--version)\b/.test(command)
  ).map(({ pid, command }) => ({ pid, command: command.slice(0, 160) }));
}
