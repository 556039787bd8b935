/**
 * The life of a bridged WebSocket: state × event → state + effects.
 *
 * Two sockets, each with its own closing handshake. What one side says about its end the other one hears; a side that
 * does not finish its handshake in time is cut.
 *
 * @module
 */
import { type Closing, closingFor, GOING_AWAY, TRY_AGAIN_LATER } from "./close_code.ts";

/** The browser's socket: its handshake is under way; open; we have asked it to close; gone. */
export type BrowserSide = "opening" | "open" | "closing" | "closed";
/** The upstream's socket: open; our Close frame is under way; gone. */
export type UpstreamSide = "open" | "closing" | "closed";

/** Where both sides are. The upstream's handshake is done before there is a state. */
export interface BridgeState {
  readonly browser: BrowserSide;
  readonly upstream: UpstreamSide;
}

/** What may happen. */
export type BridgeEvent =
  | { readonly kind: "browser-open" }
  /** The browser's socket is gone; `code` as the runtime reports it. */
  | { readonly kind: "browser-closed"; readonly code: number; readonly reason: string }
  /** A Close frame came from the upstream. */
  | { readonly kind: "upstream-close"; readonly code: number | undefined; readonly reason: string }
  /** The upstream's connection ended or broke, or it answers no ping. */
  | { readonly kind: "upstream-ended" }
  /** The upstream broke the protocol. */
  | { readonly kind: "upstream-violation"; readonly code: number; readonly reason: string }
  /** The browser sends more than the upstream reads. */
  | { readonly kind: "queue-full" }
  /** We want it to end: shutdown, or Vite is gone. */
  | { readonly kind: "shutdown"; readonly code: number; readonly reason: string }
  /** A handshake made no progress, or what waits for the browser does not. */
  | { readonly kind: "timeout" };

/** What is to be done. */
export type BridgeEffect =
  | {
    readonly kind: "close-browser";
    readonly code: number | undefined;
    readonly reason: string;
  }
  | { readonly kind: "terminate-browser" }
  | {
    readonly kind: "close-upstream";
    readonly code: number | undefined;
    readonly reason: string;
    /** Whether the messages that wait for the upstream go first. */
    readonly keepsMessages: boolean;
  }
  | { readonly kind: "terminate-upstream" }
  /** From now on a lack of progress is a `timeout`. */
  | { readonly kind: "watch" }
  /** The browser's handshake was in time. */
  | { readonly kind: "unwatch" }
  /** Both sides are gone. */
  | { readonly kind: "release" };

/** A state and how to get there. */
export interface BridgeStep {
  readonly state: BridgeState;
  readonly effects: readonly BridgeEffect[];
}

/** The upstream has agreed and the browser is being answered. */
export const INITIAL_STATE: BridgeState = { browser: "opening", upstream: "open" };

/** Says what an event does to a bridge. */
export function stepBridge(state: BridgeState, event: BridgeEvent): BridgeStep {
  const step = reduce(state, event);
  const wasOver = isOver(state);
  const effects = !wasOver && isOver(step.state)
    ? [...step.effects, { kind: "release" } as const]
    : step.effects;
  return { state: step.state, effects };
}

function isOver({ browser, upstream }: BridgeState): boolean {
  return browser === "closed" && upstream === "closed";
}

function reduce(state: BridgeState, event: BridgeEvent): BridgeStep {
  switch (event.kind) {
    case "browser-open":
      return browserOpened(state);
    case "browser-closed":
      return browserClosed(state, closingFor(event.code, event.reason));
    case "upstream-close":
      return upstreamClosed(state, event.code, event.reason);
    case "upstream-ended":
      return join(cutUpstream(state), (next) => endBrowser(next, { kind: "broken" }));
    case "upstream-violation":
      return join(cutUpstream(state), (next) => endBrowser(next, frame(event.code, event.reason)));
    case "queue-full":
      return join(
        cutUpstream(state),
        (next) => endBrowser(next, frame(TRY_AGAIN_LATER, "the upstream is not reading")),
      );
    case "shutdown":
      return shutDown(state, event.code, event.reason);
    case "timeout":
      return join(cutUpstream(state), cutBrowser);
  }
}

function frame(code: number | undefined, reason: string): Closing {
  return { kind: "frame", code, reason };
}

function browserOpened(state: BridgeState): BridgeStep {
  // Too late: nobody waits for it any more.
  if (state.browser === "closed") return { state, effects: [{ kind: "terminate-browser" }] };
  if (state.browser !== "opening") return stay(state);
  if (state.upstream === "open") {
    return { state: { ...state, browser: "open" }, effects: [{ kind: "unwatch" }] };
  }
  // The upstream was given up while the browser's handshake was under way.
  return endBrowser({ ...state, browser: "open" }, frame(GOING_AWAY, ""));
}

function browserClosed(state: BridgeState, closing: Closing): BridgeStep {
  if (state.browser === "closed") return stay(state);
  const next: BridgeState = { ...state, browser: "closed" };
  // What the browser sent before its Close frame is still to be delivered.
  return closing.kind === "broken" ? cutUpstream(next) : endUpstream(next, closing, true);
}

function upstreamClosed(state: BridgeState, code: number | undefined, reason: string): BridgeStep {
  // It reads nothing more: what waits can't be delivered, only the answer to its Close frame.
  return join(
    endUpstream(state, { code, reason: "" }, false),
    (next) => endBrowser(next, frame(code, reason)),
  );
}

function shutDown(state: BridgeState, code: number, reason: string): BridgeStep {
  if (state.browser === "opening") return cutUpstream(state);
  return join(
    endUpstream(state, { code: GOING_AWAY, reason: "" }, false),
    (next) => endBrowser(next, frame(code, reason)),
  );
}

function endBrowser(state: BridgeState, closing: Closing): BridgeStep {
  if (state.browser !== "open") return stay(state);
  if (closing.kind === "broken") {
    return { state: { ...state, browser: "closed" }, effects: [{ kind: "terminate-browser" }] };
  }
  const { code, reason } = closing;
  return {
    state: { ...state, browser: "closing" },
    effects: [{ kind: "close-browser", code, reason }, { kind: "watch" }],
  };
}

function endUpstream(
  state: BridgeState,
  { code, reason }: { readonly code: number | undefined; readonly reason: string },
  keepsMessages: boolean,
): BridgeStep {
  if (state.upstream !== "open") return stay(state);
  return {
    state: { ...state, upstream: "closing" },
    effects: [{ kind: "close-upstream", code, reason, keepsMessages }, { kind: "watch" }],
  };
}

function cutUpstream(state: BridgeState): BridgeStep {
  if (state.upstream === "closed") return stay(state);
  return { state: { ...state, upstream: "closed" }, effects: [{ kind: "terminate-upstream" }] };
}

function cutBrowser(state: BridgeState): BridgeStep {
  if (state.browser === "closed") return stay(state);
  return { state: { ...state, browser: "closed" }, effects: [{ kind: "terminate-browser" }] };
}

function stay(state: BridgeState): BridgeStep {
  return { state, effects: [] };
}

function join(first: BridgeStep, then: (state: BridgeState) => BridgeStep): BridgeStep {
  const second = then(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
