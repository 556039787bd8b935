/**
 * nginx in front of a folder.
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { eventually } from "../../tests/_support/eventually.ts";
import { freePort } from "../../tests/_support/free_port.ts";

/** A running nginx. */
export interface Nginx {
  readonly origin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts it with one worker; `undefined` if this machine has none. */
export async function startNginx(root: string): Promise<Nginx | undefined> {
  if (spawnSync("nginx", ["-v"]).error !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "lv-sidecar-nginx-"));
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  await writeFile(config, renderConfig({ folder, root, port }));
  const child = spawn("nginx", ["-p", folder, "-c", config], { stdio: "inherit" });
  const gone = once(child, "exit");
  const origin = `http://127.0.0.1:${port}`;
  await eventually("nginx", () => accepts(port));
  return {
    origin,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return true;
}

function renderConfig(
  { folder, root, port }: { folder: string; root: string; port: number },
): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  // As root it would serve as somebody who may not read a private folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr; ${user} events {}
    http { access_log off; ${temporary} include /etc/nginx/mime.types; sendfile on; tcp_nopush on;
    keepalive_requests 1000000000; open_file_cache max=1000; gzip_static on;
    server { listen 127.0.0.1:${port}; location / { alias ${root}/;
    add_header Cache-Control "public, max-age=31536000, immutable";
    add_header X-Content-Type-Options nosniff; } } }`;
}
