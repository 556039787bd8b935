/**
 * A sidecar of this process between raw ends: a recorded backend or a handler, and something that looks like Vite.
 *
 * @module
 */
import {
  type AppHandler,
  createSidecar,
  type Sidecar,
  type SidecarEvent,
  type SidecarOptions,
  type SidecarServer,
} from "../../mod.ts";
import { eventually } from "./eventually.ts";
import { repositoryRoot } from "./project.ts";
import { ask, type RawHandler, type RawRequest, type RawResponse } from "./raw_http.ts";
import { type RawUpstream, startUpstream } from "./raw_http.ts";

/** What a test finds around it. */
export interface Scene {
  readonly sidecar: Sidecar;
  readonly server: SidecarServer;
  readonly port: number;
  readonly vite: RawUpstream;
  readonly backend: RawUpstream;
  readonly events: readonly SidecarEvent[];
  /** Asks the port over a connection of its own. */
  ask(request?: RawRequest): Promise<RawResponse>;
}

/** How the scene is set. */
export interface SceneOptions {
  /** What the backend answers. @default 200 "ok" */
  readonly backend?: RawHandler;
  /** What Vite answers beside its client. @default 404 */
  readonly vite?: RawHandler;
  /** A handler in place of the backend; `null` for no app at all. */
  readonly app?: AppHandler | null;
  readonly options?: SidecarOptions;
  /** The OpenAPI document that the backend publishes. @default none */
  readonly openapi?: string;
  /** Whether to wait until Vite answers. @default true */
  readonly waitsForVite?: boolean;
}

/** What a sidecar asks on its own account. */
const OWN_TARGETS = ["/schema/openapi.json", "/openapi.json"];

/** Runs a test in a scene, and sees that nothing stays behind. */
export async function onOnePort(
  { backend, vite, app, options = {}, openapi, waitsForVite = true }: SceneOptions,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const behind = await startUpstream(backend, new Map(OWN_TARGETS.map((path) => [path, openapi])));
  const front = await startUpstream(asVite(vite));
  const sidecar = await createSidecar({
    root: repositoryRoot,
    viteUrl: front.url,
    ...(app === undefined ? { backend: behind.url } : {}),
    ...options,
  }, { env: {} });
  const events: SidecarEvent[] = [];
  sidecar.onEvent((event) => events.push(event));
  try {
    const server = sidecar.serve(app ?? undefined, { port: 0 });
    const { port } = server;
    if (waitsForVite) await sidecar.ready();
    if (app === undefined) {
      const asked = openapi === undefined ? OWN_TARGETS.length : 1;
      await eventually("the routes asked for", () => behind.connections >= asked);
      await eventually("no connection left of that", () => behind.open === 0);
    }
    behind.connections = 0;
    front.requests.length = 0;
    const scene: Scene = {
      sidecar,
      server,
      port,
      vite: front,
      backend: behind,
      events,
      ask: (request) => ask(port, request),
    };
    await run(scene);
  } finally {
    await sidecar.close();
    await front.close();
    await behind.close();
  }
}

function asVite(handler: RawHandler | undefined): RawHandler {
  return async (exchange) => {
    if (exchange.target.endsWith("/@vite/client")) {
      await exchange.answer(200, "export {};", [["content-type", "text/javascript"]]);
    } else if (handler === undefined) {
      await exchange.answer(404, "");
    } else {
      await handler(exchange);
    }
  };
}
