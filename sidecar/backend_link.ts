/**
 * A backend at a URL as the front sees it, and what it says about its own routes.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "@std/path";
import type { DownPage } from "./down_page.ts";
import { compileRoutes, type KnownRoutes, parseRoutePaths } from "./known_routes.ts";
import type { BackendLink, SidecarEvent } from "./links.ts";
import { cancelBody, fieldOf } from "./proxy.ts";
import type { Upstream, UpstreamResponse } from "./upstream.ts";

/** Options of {@linkcode linkToBackend}. */
export interface BackendLinkOptions {
  readonly upstream: Upstream;
  readonly origin: string;
  /** Folder in which a `routes.json` may lie. */
  readonly root: string;
  /** Last lines that the backend wrote, if it is ours. */
  readonly tail: () => readonly string[];
  readonly emit: (event: SidecarEvent) => void;
}

/** A backend with what is known of its routes. */
export interface KnownBackend extends BackendLink {
  /** Empty until the backend, or a file, has told them. */
  readonly routes: KnownRoutes;
  readonly condition: "unknown" | "up" | "down";
  /** Asks the backend for its routes; resolves when it has answered or not. */
  discover(): Promise<void>;
  /** Ends its connections; resolves when nothing is asked or read any more. */
  close(): Promise<void>;
}

/** Where frameworks publish their OpenAPI document: Litestar; FastAPI and most others. */
const DOCUMENT_PATHS = ["/schema/openapi.json", "/openapi.json"];
/** Where litestar-vite writes the routes. */
const ROUTE_FILES = ["src/generated/routes.json", "routes.json"];
/** No API has a document as large as this; it is only read for its paths. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Makes the link; nothing is asked before the first request, or {@linkcode KnownBackend.discover}. */
export function linkToBackend(options: BackendLinkOptions): KnownBackend {
  const { upstream, origin, emit } = options;
  let routes = compileRoutes([]);
  let condition: KnownBackend["condition"] = "unknown";
  let discovering: Promise<void> | undefined;
  let isClosed = false;

  const become = (next: "up" | "down", message: string): void => {
    if (condition === next || isClosed) return;
    condition = next;
    emit({ kind: "backend", condition: next, message });
  };
  const takeRoutes = async (): Promise<void> => {
    const found = await readRoutes(options);
    if (found !== undefined) routes = compileRoutes(found);
  };
  const discover = (): Promise<void> =>
    discovering ??= takeRoutes().finally(() => discovering = undefined);
  return {
    upstream,
    origin,
    get routes() {
      return routes;
    },
    get condition() {
      return condition;
    },
    downPage: (reason): DownPage => ({
      title: "The backend does not answer",
      reason,
      hint: `It should listen at ${origin}`,
      lines: options.tail(),
    }),
    lost: (reason) => become("down", reason),
    answered() {
      const wasUp = condition === "up";
      become("up", `The backend answers at ${origin}`);
      // It may be a new version of itself, with other routes.
      if (!wasUp) void discover();
    },
    async discover() {
      await discover();
      if (condition === "unknown") become("down", `Nothing answers at ${origin} yet`);
    },
    async close() {
      isClosed = true;
      upstream.close();
      await discovering;
    },
  };

  async function readRoutes({ root }: BackendLinkOptions): Promise<string[] | undefined> {
    for (const path of DOCUMENT_PATHS) {
      const text = await askForDocument(path);
      const paths = text === undefined ? undefined : parse(text, `${origin}${path}`);
      if (paths !== undefined) return paths;
    }
    for (const file of ROUTE_FILES) {
      const text = await readFile(join(root, file), "utf8").catch(() => undefined);
      const paths = text === undefined ? undefined : parse(text, file);
      if (paths !== undefined) return paths;
    }
    return undefined;
  }

  function parse(text: string, place: string): string[] | undefined {
    try {
      return parseRoutePaths(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // A page of a backend without such a document is no reason to worry anybody.
      if (!text.trimStart().startsWith("<")) {
        emit({ kind: "warning", message: `Cannot use "${place}" for routing: ${why}` });
      }
      return undefined;
    }
  }

  async function askForDocument(path: string): Promise<string | undefined> {
    try {
      const answer = await upstream.request({
        method: "GET",
        target: path,
        fields: [["host", new URL(origin).host], ["accept", "application/json"]],
        body: undefined,
        onAbort: () => {},
        gatherBytes: MAX_DOCUMENT_BYTES,
      });
      become("up", `The backend answers at ${origin}`);
      return await readDocument(answer);
    } catch {
      return undefined;
    }
  }
}

/** The text of a document; `undefined` for what is none, such as a stream without an end that answers every path. */
async function readDocument(answer: UpstreamResponse): Promise<string | undefined> {
  const { status, body } = answer;
  const type = fieldOf(answer, "content-type") ?? "application/json";
  if (status !== 200 || !/\bjson\b/i.test(type)) {
    cancelBody(answer);
    return undefined;
  }
  if (!(body instanceof ReadableStream)) return new TextDecoder().decode(body ?? undefined);
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    // Leaving the loop cancels the stream.
    if (text.length > MAX_DOCUMENT_BYTES) return undefined;
  }
  return text + decoder.decode();
}
