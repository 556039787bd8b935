/**
 * A real nginx of one's own in a throw-away folder.
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import process from "node:process";
import { eventually } from "./eventually.ts";
import type { Folder } from "./folder.ts";
import {
  RawEnd,
  type RawRequest,
  type RawResponse,
  readResponse,
  renderRequest,
} from "./raw_http.ts";
import { test } from "./test.ts";

/** What is to be in its configuration. */
export interface NginxOptions {
  /** Directives of `http`. */
  readonly http?: string;
  /** Directives of its one `server`. */
  readonly server: string;
}

/** An nginx that answers. */
export interface Nginx {
  /** A port that leads to it. */
  readonly port: number;
  /** Asks over a connection of its own. */
  ask(request: RawRequest): Promise<RawResponse>;
}

/** Whether this machine has one. */
export const hasNginx: boolean = spawnSync("nginx", ["-v"]).error === undefined;

/**
 * The configuration of docs/production.md, but with several servers, each of which is asked in turn.
 *
 * @param ports Where they are.
 * @param locations Of `server`, beside `/`.
 */
export function takingTurns(ports: readonly number[], locations = ""): NginxOptions {
  return {
    http: `upstream app { ${ports.map((port) => `server 127.0.0.1:${port};`).join(" ")} }`,
    server: `
      proxy_http_version 1.1;
      # With the port, which here is none of the usual ones.
      proxy_set_header Host $http_host;
      proxy_set_header Connection $http_connection;
      proxy_buffering off;
      location / { proxy_pass http://app; }
      ${locations}`,
  };
}

/**
 * Where a built file is asked for: who has not got it is passed over.
 *
 * A 404 is no failure to nginx, so none of the servers is taken out of turn.
 */
export const NEXT_FILE = `location /static/ {
  proxy_pass http://app;
  proxy_next_upstream error timeout http_404;
}`;

/** Registers a test that needs nginx; without one it is skipped, loudly. */
export function nginxTest(name: string, fn: () => void | Promise<void>): void {
  if (hasNginx) test(name, fn);
  else test.skip(name, "nginx is not installed");
}

function renderConfig({ path }: Folder, { http = "", server }: NginxOptions): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${path}/${name};`).join(" ");
  // As root it would serve as somebody who may not read a private folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  // One worker: it remembers whose turn it is.
  return `daemon off; worker_processes 1; pid ${path}/pid; error_log ${path}/log; ${user}
    events {} http { access_log off; ${temporary} ${http}
    server { listen unix:${path}/nginx.sock; ${server} } }`;
}

/** It can't choose a port itself, and one that was free a moment ago may be taken. */
async function openPort(socketPath: string): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const nginx = connect({ path: socketPath, allowHalfOpen: true });
    join(client, nginx);
    join(nginx, client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Runs nginx in a folder, for as long as `run` takes. */
export async function withNginx(
  folder: Folder,
  options: NginxOptions,
  run: (nginx: Nginx) => Promise<void>,
): Promise<void> {
  await folder.write("nginx.conf", renderConfig(folder, options));
  const program = spawn("nginx", ["-p", folder.path, "-c", folder.at("nginx.conf")], {
    stdio: "inherit",
  });
  const gone = once(program, "exit");
  const socketPath = folder.at("nginx.sock");
  const ask = async (request: RawRequest): Promise<RawResponse> => {
    const end = new RawEnd(connect(socketPath));
    await end.write(renderRequest(80, request));
    const answer = await readResponse(end, request.method);
    await end.close();
    return answer;
  };
  const front = await openPort(socketPath);
  try {
    await eventually("nginx", () => ask({}));
    await run({ port: front.port, ask });
  } finally {
    await front.close();
    program.kill("SIGTERM");
    await gone;
  }
}
