/**
 * From an edit on disk to the `update` message at a browser's socket.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { copyExample, type Project } from "../../../tests/_support/project.ts";
import { getAnswer } from "../answers.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { RUNTIME_TITLES, RUNTIMES, startServer } from "../server_process.ts";
import { type Measured, median } from "../statistics.ts";
import { type RunningVite, startVite } from "../vite.ts";
import { openWebSocket, type WebSocketClient } from "../websocket.ts";

const EDITED = "src/Counter.tsx";
const MODULES = ["/src/main.tsx", "/src/App.tsx", `/${EDITED}`];
const MODULE_HEADERS = { accept: "*/*", "sec-fetch-dest": "script" };
const LIMIT_MS = 5_000;
const WARM_UP_EDITS = 3;
/** Vite's watcher takes edits of one file that follow each other faster as one. */
const PAUSE_MS = 120;

/** A socket of Vite's client, and when its next update arrived. */
class UpdateListener {
  readonly origin: string;
  #client: WebSocketClient | undefined;
  #next: PromiseWithResolvers<number> = Promise.withResolvers();

  constructor(origin: string) {
    this.origin = origin;
  }

  async open(token: string): Promise<void> {
    this.#client = await openWebSocket({
      origin: this.origin,
      path: `/?token=${token}`,
      protocol: "vite-hmr",
      onText: (text) => {
        if (text.includes('"type":"update"')) this.#next.resolve(performance.now());
      },
    });
  }

  close(): void {
    this.#client?.close();
  }

  /** Resolves with the time of the next update. */
  arm(): Promise<number> {
    this.#next = Promise.withResolvers();
    return this.#next.promise;
  }
}

async function loadModules({ origin }: RunningVite): Promise<string> {
  for (const path of MODULES) await getAnswer(origin + path, MODULE_HEADERS);
  const { text } = await getAnswer(`${origin}/@vite/client`, MODULE_HEADERS);
  const token = /wsToken = "([^"]+)"/.exec(text)?.[1];
  if (token === undefined) throw new Error("Cannot find the token in Vite's client");
  return token;
}

function withLimit<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Cannot see an update within ${LIMIT_MS} ms`)),
    LIMIT_MS,
  );
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** One edit: how long it took to each of the listeners. */
async function editOnce(
  project: Project,
  text: string,
  listeners: readonly UpdateListener[],
): Promise<number[]> {
  await delay(PAUSE_MS);
  const arrivals = listeners.map((listener) => listener.arm());
  const begun = performance.now();
  await project.write(EDITED, text);
  return (await withLimit(Promise.all(arrivals))).map((at) => at - begun);
}

/** Pairs of an update's time at Vite and at a front, both from the same edit. */
async function measurePairs(
  { edits, project, vite, front }: {
    readonly edits: number;
    readonly project: Project;
    readonly vite: RunningVite;
    readonly front: string;
  },
): Promise<[direct: number, through: number][]> {
  const original = await project.read(EDITED);
  const token = await loadModules(vite);
  const listeners = [new UpdateListener(vite.origin), new UpdateListener(front)];
  const pairs: [number, number][] = [];
  for (let edit = -WARM_UP_EDITS; edit < edits; edit++) {
    if (edit === -WARM_UP_EDITS || edit === edits >> 1) {
      // Vite sends in the order in which sockets came: each goes first half of the time.
      for (const listener of listeners) listener.close();
      const order = edit < 0 ? listeners : listeners.toReversed();
      for (const listener of order) await listener.open(token);
    }
    const [direct = NaN, through = NaN] = await editOnce(
      project,
      `${original}\n// edit ${edit} of ${front}\n`,
      listeners,
    );
    if (edit >= 0) pairs.push([direct, through]);
    // A browser would now load the module again, and only then is it whole for the next edit.
    await getAnswer(`${vite.origin}/${EDITED}?t=${Date.now()}`, MODULE_HEADERS);
  }
  for (const listener of listeners) listener.close();
  return pairs;
}

function differences(pairs: readonly (readonly [number, number])[]): Measured {
  const added = pairs.map(([direct, through]) => through - direct).sort((a, b) => a - b);
  const at = (part: number): number => added[Math.floor((added.length - 1) * part)] ?? NaN;
  return { value: median(added), low: at(0), high: at(1) };
}

/** An edit on disk to the socket, through the port and direct. */
export async function measureEdit({ edits }: Plan): Promise<Row[]> {
  const project = await copyExample("react-spa");
  const vite = await startVite(project.root);
  const rows: Row[] = [];
  try {
    for (const runtime of RUNTIMES) {
      const front = await startServer(runtime, "front", {
        root: project.root,
        viteUrl: vite.origin,
      });
      const pairs = await measurePairs({ edits, project, vite, front: front.origin });
      const direct = median(pairs.map(([ms]) => ms));
      const through = median(pairs.map(([, ms]) => ms));
      rows.push({
        name: `edit to update at a socket through ${RUNTIME_TITLES[runtime]}, beyond Vite direct`,
        target: { kind: "at-most", value: 5 },
        measured: differences(pairs),
        unit: " ms",
        detail: `${through.toFixed(1)} ms; direct ${direct.toFixed(1)} ms; ${edits} edits`,
      });
      await front.stop();
    }
  } finally {
    await vite.stop();
    await project.remove();
  }
  return rows;
}
