/**
 * Serves conformance cases with `@lv/sidecar/inertia`, through what it exports and nothing else.
 *
 * @module
 */
import * as server from "../../inertia/mod.ts";
import type {
  CaseOptions,
  CaseRespond,
  CaseSsr,
  InertiaCase,
  Observation,
} from "./inertia_case.ts";

const ORIGIN = "http://localhost";
const NOW_MS = Date.parse("2026-11-01T00:00:00.000Z");

/** A renderer that hangs is given up after this long. */
const SSR_TIMEOUT_MS = 20;

type Fields = Readonly<Record<string, unknown>>;

/** Serves a case, and tells what could be seen of it. */
export async function run(item: InertiaCase): Promise<Observation> {
  return await new CaseRun(item).observe();
}

class CaseRun {
  readonly #item: InertiaCase;
  readonly #options: CaseOptions;
  readonly #calls: Record<string, number> = {};
  readonly #reported: string[] = [];
  readonly #ssr: Record<string, unknown> = { calls: 0 };
  #state: server.SessionState;
  #sentToSsr: unknown;
  #handlerRuns = false;

  constructor(item: InertiaCase) {
    this.#item = item;
    this.#options = item.route.options ?? {};
    this.#state = item.given ?? {};
  }

  async observe(): Promise<Observation> {
    const { method, url, headers } = this.#item.request;
    const request = new Request(ORIGIN + url, { method, headers: headers ?? {} });
    try {
      const response = await this.#answer(request);
      const page = this.#sentToSsr ??
        await server.readPage(response.clone()).catch(() => undefined);
      return {
        ...this.#seen(),
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
        page,
      };
    } catch (error) {
      const throws = error instanceof Error ? error.message : String(error);
      return { ...this.#seen(), status: 500, headers: {}, body: "", throws };
    }
  }

  #seen(): Pick<Observation, "calls" | "reported" | "session" | "ssr" | "handlerRuns"> {
    const { errors, ...state } = this.#state;
    return {
      calls: this.#calls,
      reported: this.#reported,
      session: { ...state, ...(errors === undefined ? {} : { errors: true }) },
      ssr: this.#ssr,
      handlerRuns: this.#handlerRuns,
    };
  }

  async #answer(request: Request): Promise<Response> {
    const inertia = server.createInertia(this.#inertiaOptions());
    const { validate } = this.#options;
    const handler = (request: Request): Promise<Response> => {
      this.#handlerRuns = true;
      return this.#handle(inertia, request);
    };
    return validate === undefined
      ? await inertia.handle(request, handler)
      : await inertia.validated(schemaOf(validate.result), handler)(request);
  }

  #inertiaOptions(): server.InertiaOptions {
    const { route } = this.#item;
    const options = this.#options;
    return {
      ...pick(options, ["rootId", "trustProxy", "exposeSharedPropKeys", "allErrors", "protocol"]),
      ...pick(options, ["legacyDataPage", "version"]),
      ...("versionFn" in options ? { version: () => this.#version() } : {}),
      ...("url" in options ? { url: () => options.url ?? "" } : {}),
      ...("encryptHistoryDefault" in options
        ? { encryptHistory: options.encryptHistoryDefault }
        : {}),
      share: this.#build(route.shared ?? {}) as Fields, // Notation of props.
      transformComponent: (component) =>
        options.transformComponent?.replace("{component}", component) ?? component,
      session: {
        read: () => this.#state,
        write: (_request, state) => void (this.#state = state),
      },
      ...(options.ssr === undefined ? {} : { ssr: this.#ssrOptions(options.ssr) }),
      report: (error) =>
        void this.#reported.push(error instanceof Error ? error.message : String(error)),
      now: () => NOW_MS,
    };
  }

  /** `versionFn` is what the function gives, the notation of one, or `true` for one that gives `version`. */
  #version(): server.Version | Promise<server.Version> {
    const { version, versionFn } = this.#options;
    if (typeof versionFn === "boolean") return version;
    const built = this.#build(versionFn) as server.Version | (() => server.Version);
    return typeof built === "function" ? built() : built;
  }

  async #handle(inertia: server.Inertia, request: Request): Promise<Response> {
    const { component = "", props } = this.#item.route;
    const options = this.#options;
    if (options.flash !== undefined) inertia.flash(request, options.flash);
    if (options.clearHistory) inertia.clearHistory(request);
    if (options.preserveFragment) inertia.preserveFragment(request);
    if (options.encryptHistory !== undefined) {
      inertia.encryptHistory(request, options.encryptHistory);
    }
    if (options.respond !== undefined) return await respond(inertia, request, options.respond);
    return await inertia.render(request, component, this.#build(props ?? {}) as Fields, {
      status: options.status,
      headers: options.responseHeaders,
    });
  }

  /** The value that a notation stands for. */
  #build(node: unknown): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map((item) => this.#build(item));
    const fields = node as Fields; // An object.
    if (typeof fields["$"] === "string") return this.#buildProp(fields["$"], fields);
    return Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, this.#build(value)]),
    );
  }

  #buildProp(kind: string, node: Fields): unknown {
    const source = this.#source(node);
    switch (kind) {
      case "closure":
        return source;
      case "always":
        return server.always(source);
      case "optional":
        return server.optional(source, { once: onceOptions(node) });
      case "defer":
        return server.defer(source, deferOptions(node));
      case "merge":
        return server.merge(source, { ...mergeOptions(node), once: onceOptions(node) });
      case "once":
        return server.once(source, onceOptions({ ...node, once: true }) || {});
      case "scroll":
        return scrollProp(source, node);
      case "paginator":
        return server.paginator(node as unknown as server.PaginatorParts<unknown>); // The same names.
      case "cursorPaginator":
        return server.cursorPaginator(node as unknown as server.CursorPaginatorParts<unknown>);
      case "provider":
        return server.provide(() => this.#build(node["props"]) as Fields); // An object of props.
      default:
        throw new TypeError(`Cannot read "${kind}" as a prop: it is no word of the notation`);
    }
  }

  /** A function that counts its calls, and takes its time. */
  #source(node: Fields): () => unknown {
    const { spy, throws, delayMs, async: isAsync } = node;
    const compute = (): unknown => {
      if (typeof throws === "string") throw new Error(throws);
      return this.#build(node["value"]);
    };
    return () => {
      if (typeof spy === "string") this.#calls[spy] = (this.#calls[spy] ?? 0) + 1;
      if (!isAsync && delayMs === undefined) return compute();
      return new Promise((resolve) => setTimeout(resolve, Number(delayMs ?? 0))).then(compute);
    };
  }

  #ssrOptions(ssr: CaseSsr): server.SsrOptions {
    return {
      ...pick(ssr, ["except", "disabled", "throwOnError"]),
      renderer: server.ssrOverHttp({
        url: ssr.url,
        viteOrigin: ssr.hot,
        timeoutMs: SSR_TIMEOUT_MS,
        fetch: (url, init) => this.#renderMock(ssr.mock, url, init),
      }),
    };
  }

  async #renderMock(mock: CaseSsr["mock"], url: string, init: RequestInit): Promise<Response> {
    const request = new Request(url, init);
    const page: unknown = await request.clone().json();
    this.#sentToSsr = page;
    Object.assign(this.#ssr, {
      calls: Number(this.#ssr["calls"]) + 1,
      method: request.method,
      url,
      contentType: request.headers.get("content-type"),
      bodyIsPage: typeof page === "object" && page !== null && "component" in page,
    });
    if (mock.error !== undefined) throw new TypeError(mock.error);
    if (mock.delayMs !== undefined) await aborted(init.signal);
    const text = mock.text ?? JSON.stringify(mock.json);
    return new Response(text, { status: mock.status ?? 200 });
  }
}

async function respond(
  inertia: server.Inertia,
  request: Request,
  { redirect, location, text, status, headers = {} }: CaseRespond,
): Promise<Response> {
  if (redirect !== undefined) {
    // As a framework redirects, that knows nothing of Inertia.
    return new Response(null, {
      status: status ?? 302,
      headers: { ...headers, location: redirect },
    });
  }
  if (location !== undefined) return await inertia.location(request, location, { external: true });
  return new Response(text ?? null, { status: status ?? 200, headers });
}

function mergeOptions(node: Fields): server.MergeOptions {
  const { deepMerge, append, prepend, matchOn } = node as {
    readonly deepMerge?: boolean;
    readonly append?: boolean | server.MergePaths;
    readonly prepend?: boolean | server.MergePaths;
    readonly matchOn?: string | readonly string[];
  };
  return { deep: deepMerge, append, prepend, matchOn };
}

function onceOptions(node: Fields): false | server.OnceOptions {
  if (node["once"] !== true) return false;
  const { as, until, fresh } = node as {
    readonly as?: string;
    readonly until?: number | string;
    readonly fresh?: boolean;
  };
  return { as, fresh, until: typeof until === "string" ? new Date(until) : until };
}

function deferOptions(node: Fields): server.DeferOptions {
  const { group, rescue } = node as { readonly group?: string; readonly rescue?: boolean };
  const isMerged = node["merge"] === true || node["deepMerge"] === true;
  return { group, rescue, merge: isMerged ? mergeOptions(node) : false, once: onceOptions(node) };
}

function scrollProp(source: () => unknown, node: Fields): server.Prop<unknown> {
  const { wrapper, metadata, defer } = node as {
    readonly wrapper?: string;
    readonly metadata?: server.ScrollMetadata;
    readonly defer?: true | string;
  };
  const options = { ...mergeOptions(node), wrapper, metadata };
  return defer === undefined
    ? server.scroll(source, options)
    : server.scroll(source, { ...options, defer });
}

/** A validator that finds what the case says, whatever the input. */
function schemaOf(result: Readonly<Record<string, readonly string[]>>): server.StandardSchema {
  const issues = Object.entries(result).flatMap(([field, messages]) =>
    messages.map((message) => ({ message, path: field.split(".") }))
  );
  return {
    "~standard": {
      version: 1,
      vendor: "conformance",
      validate: (value) => issues.length === 0 ? { value } : { issues },
    },
  };
}

async function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return await new Promise((_, reject) =>
    signal?.addEventListener("abort", () => reject(signal.reason))
  );
}

function pick<T extends object, Key extends keyof T>(from: T, keys: readonly Key[]): Pick<T, Key> {
  const entries = keys.filter((key) => key in from).map((key) => [key, from[key]]);
  return Object.fromEntries(entries) as Pick<T, Key>; // These keys, where they are there.
}
