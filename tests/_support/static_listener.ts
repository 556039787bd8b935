/**
 * The files of a directory on a listener, with nothing around them but the check of the target.
 *
 * @module
 */
import type { Handler, ListenOptions } from "../../runtime/types.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { openStaticFiles, type StaticFilesOptions } from "../../sidecar/assets.ts";
import { parseRequestTarget } from "../../sidecar/request_target.ts";

/** A listener. */
export interface StaticListener {
  readonly port: number;
  /** Reads the directory again, as after a deploy. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@linkcode serveStatic}. */
export type StaticListenerOptions =
  & Omit<StaticFilesOptions, "runtime" | "emit">
  & Pick<ListenOptions, "idleMs">;

/** Serves a directory on a free port. */
export async function serveStatic(
  { idleMs = 255_000, ...options }: StaticListenerOptions,
): Promise<StaticListener> {
  const runtime = currentRuntime();
  const open = () => openStaticFiles({ runtime, emit: () => {}, ...options });
  let files = await open();
  const handle: Handler = (request) => {
    const { url, method, headers } = request;
    const target = parseRequestTarget(url);
    if (typeof target === "string") return new Response(target, { status: 400 });
    return files.respond({ method, header: (name) => headers.get(name) }, target.path) ??
      new Response("Nobody's\n", { status: 404 });
  };
  const listener = runtime.serve(
    { hostname: "127.0.0.1", port: 0, onError: () => {}, idleMs },
    handle,
  );
  return {
    port: listener.port,
    async reopen() {
      files = await open();
    },
    async close() {
      await listener.close(0);
      files.close();
    },
  };
}
