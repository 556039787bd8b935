/**
 * Opens sockets: Vite's and the backend's are bridged, the app's own are the app's.
 *
 * @module
 */
import type { Runtime } from "../runtime/types.ts";
import {
  type AppDeskOptions,
  askHandler,
  backendFields,
  forwardedFields,
  isLoop,
} from "./app_desk.ts";
import { type BridgeOptions, bridgeSocket } from "./bridge.ts";
import type { Bridges } from "./bridges.ts";
import { downResponse } from "./down_response.ts";
import { type Refusal, refuseSocket } from "./edge.ts";
import type { AppLink, ViteLink } from "./links.ts";
import type { Field } from "./http1.ts";
import { viteRequestFields } from "./proxy_headers.ts";
import type { Visit } from "./visit.ts";
import { parseProtocols } from "./websocket_handshake.ts";

/** What {@linkcode SocketDesk} works with. */
export interface SocketDeskOptions extends AppDeskOptions {
  readonly runtime: Pick<Runtime, "connect">;
  /** `undefined` in production, where no route leads to it. */
  readonly vite: ViteLink | undefined;
  readonly viteBridges: Bridges;
  readonly appBridges: Bridges;
  readonly connectMs: number;
  readonly handshakeMs: number;
  /** See {@linkcode BridgeOptions}. */
  readonly pings: NonNullable<BridgeOptions["pings"]>;
  readonly queueBytes: number;
}

/** How long a socket waits for a Vite that is starting; Vite's client asks again after a second. */
const START_WAIT_MS = 10_000;

/** How long nothing may move in a closing handshake; looked at as often, so a stop waits twice as long at most. */
const CLOSE_MS = 2_000;

/** Opens sockets. */
export class SocketDesk {
  readonly #options: SocketDeskOptions;

  /** Makes the desk. */
  constructor(options: SocketDeskOptions) {
    this.#options = options;
  }

  /** What the edge has against a socket to Vite; a client without an origin must show Vite's token. */
  refuseVite(visit: Visit): Refusal | undefined {
    const condition = this.#options.vite?.condition();
    const expected = condition?.kind === "ready" ? condition.vite.token : undefined;
    return refuseSocket(visit, visit.admission, visit.initiator, { expected });
  }

  /** What the edge has against a socket to the app. */
  refuseApp(visit: Visit): Refusal | undefined {
    return refuseSocket(visit, visit.admission, visit.initiator, undefined);
  }

  /** Bridges a socket to Vite. */
  openVite(visit: Visit): Promise<Response> {
    return this.#openFront(visit, viteRequestFields(visit.request.headers, visit.admission.host));
  }

  /** Bridges a socket to one of the framework's own endpoints. */
  openFramework(visit: Visit): Promise<Response> {
    return this.#openFront(visit, forwardedFields(visit, this.#options));
  }

  async #openFront(visit: Visit, headers: Field[]): Promise<Response> {
    const { vite, viteBridges } = this.#options;
    let condition = vite?.condition();
    if (condition?.kind === "starting") condition = await vite?.whenSettled(START_WAIT_MS);
    if (condition?.kind !== "ready") {
      return downResponse(visit, 503, {
        title: "Vite is not running",
        reason: "The socket can not be opened now.",
        hint: "",
        lines: [],
      });
    }
    const { upstream } = condition.vite;
    return await this.#bridge(visit, upstream.target, headers, viteBridges);
  }

  /** Gives a socket to the app's handler, or bridges it to the backend. */
  async openApp(visit: Visit, app: AppLink): Promise<Response> {
    const { appBridges, via } = this.#options;
    if (app.kind === "handler") return await askHandler(visit, app.handler, this.#options);
    if (app.kind === "none" || isLoop(visit, via)) return new Response(null, { status: 404 });
    const headers = backendFields(visit, this.#options);
    return await this.#bridge(visit, app.backend.upstream.target, headers, appBridges);
  }

  #bridge(
    visit: Visit,
    target: Parameters<typeof bridgeSocket>[2]["target"],
    headers: Parameters<typeof bridgeSocket>[2]["headers"],
    bridges: Bridges,
  ): Promise<Response> {
    const { runtime, connectMs, handshakeMs, pings, queueBytes, emit } = this.#options;
    return bridgeSocket(visit.request, visit.context, {
      runtime,
      target,
      headers,
      bridges,
      connectMs,
      handshakeMs,
      pings,
      closeMs: CLOSE_MS,
      queueBytes,
      requestTarget: visit.admission.target.target,
      protocols: parseProtocols(visit.header("sec-websocket-protocol")),
      log: (message) => emit({ kind: "warning", message }),
    });
  }
}
