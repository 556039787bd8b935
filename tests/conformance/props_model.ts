/**
 * The rules of the protocol for props, written down once more as they are specified: slow, in one pass, with nothing in
 * it that our own resolver has.
 *
 * It takes the notation of the conformance cases, and says what a page has to have.
 *
 * @module
 */

type Fields = Readonly<Record<string, unknown>>;

/** What a request asks. */
export interface ModelRequest {
  readonly isInertia: boolean;
  /** Whether it is a partial reload of the component. */
  readonly isPartial: boolean;
  readonly only: readonly string[] | null;
  readonly except: readonly string[] | null;
  readonly reset: readonly string[];
  readonly loaded: readonly string[];
  readonly prepends: boolean;
}

/** What a page has to have. */
export interface ModelPage {
  readonly props: unknown;
  readonly metadata: Fields;
  /** How often each function ran. */
  readonly calls: Fields;
  readonly reported: readonly string[];
}

/** The time of all cases, in seconds. */
const NOW_S = Date.parse("2026-11-01T00:00:00Z") / 1000;

const SKIP = Symbol("not sent");

/** Says what a page has to have. */
export function modelPage(shared: Fields, props: Fields, request: ModelRequest): ModelPage {
  return new Model(request).resolve(shared, props);
}

class Model {
  readonly #request: ModelRequest;
  readonly #calls: Record<string, number> = {};
  readonly #reported: string[] = [];
  readonly #merge: string[] = [];
  readonly #prepend: string[] = [];
  readonly #deep: string[] = [];
  readonly #matchOn: string[] = [];
  readonly #rescued: string[] = [];
  readonly #deferred: Record<string, string[]> = {};
  readonly #scroll: Record<string, unknown> = {};
  readonly #once: Record<string, unknown> = {};

  constructor(request: ModelRequest) {
    this.#request = request;
  }

  resolve(shared: Fields, props: Fields): ModelPage {
    const all = { errors: { $: "always", value: {} }, ...shared };
    const sharedProps = [...new Set(Object.keys(all).map((key) => key.split(".")[0]))];
    const tree = this.#unpack({ ...all, ...props });
    return {
      props: this.#walk(tree, "", false),
      metadata: withoutEmpty({
        sharedProps,
        mergeProps: this.#merge,
        prependProps: this.#prepend,
        deepMergeProps: this.#deep,
        matchPropsOn: this.#matchOn,
        rescuedProps: this.#rescued,
        deferredProps: this.#deferred,
        scrollProps: this.#scroll,
        onceProps: this.#once,
      }),
      calls: this.#calls,
      reported: this.#reported,
    };
  }

  /** Step C: `a.b` at the top goes into `a`. */
  #unpack(tree: Fields): Fields {
    const result: Record<string, unknown> = structuredClone(tree) as Record<string, unknown>;
    for (const key of Object.keys(tree).filter((key) => key.includes("."))) {
      delete result[key];
      const segments = key.split(".");
      const last = segments.pop() ?? "";
      let parent = result;
      let path = "";
      for (const [index, segment] of segments.entries()) {
        path = join(path, segment);
        // What is not sent is not called, though the reference does.
        if (!this.#selected(path)) break;
        const found = isKind(parent[segment], "closure")
          ? this.#call(parent[segment])
          : parent[segment];
        parent[segment] = opened(found, segments[index + 1] ?? last);
        parent = parent[segment] as Record<string, unknown>;
      }
      if (!this.#selected(path)) continue;
      const value = tree[key];
      parent[last] = isKind(value, "closure") && this.#selected(key) ? this.#call(value) : value;
    }
    return result;
  }

  /** Step D. */
  #walk(node: Fields | readonly unknown[], prefix: string, bypass: boolean): unknown {
    const entries = Object.entries(node)
      .map(([key, value]) => [key, this.#resolveAt(value, join(prefix, key), bypass)] as const)
      .filter(([, value]) => value !== SKIP);
    const isList = Array.isArray(node) && entries.every(([key], index) => key === String(index));
    return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
  }

  #resolveAt(given: unknown, path: string, bypass: boolean): unknown {
    let prop = given;
    if (this.#request.isPartial && !bypass && !isKind(prop, "always") && !this.#selected(path)) {
      return SKIP;
    }
    for (;;) {
      if (!this.#request.isPartial && this.#excluded(prop, path)) return SKIP;
      const value = this.#value(prop, path);
      if (value === SKIP) return SKIP;
      if (isKind(prop, "closure") && isProp(value)) {
        prop = value;
        continue;
      }
      this.#metadata(prop, path);
      if (typeof value !== "object" || value === null) return value;
      const isLiteral = isObject(prop) && prop["$"] === undefined || Array.isArray(prop);
      return this.#walk(value as Fields, path, bypass || !isLiteral);
    }
  }

  #value(prop: unknown, path: string): unknown {
    if (!isObject(prop) || prop["$"] === undefined) return prop;
    if (typeof prop["throws"] === "string") {
      this.#count(prop);
      this.#reported.push(prop["throws"]);
      this.#rescued.push(path);
      return SKIP;
    }
    return plain(isKind(prop, "paginator") ? prop : this.#call(prop));
  }

  #call(node: unknown): unknown {
    const fields = node as Fields;
    this.#count(fields);
    return fields["value"];
  }

  #count({ spy }: Fields): void {
    if (typeof spy === "string") this.#calls[spy] = (this.#calls[spy] ?? 0) + 1;
  }

  #excluded(prop: unknown, path: string): boolean {
    if (!isObject(prop)) return false;
    if (prop["$"] === "optional" || prop["$"] === "defer") {
      if (prop["$"] === "defer" && !this.#loadedOnce(prop, path)) this.#defer(prop["group"], path);
      this.#mergeMetadata(prop, path, false);
      this.#onceMetadata(prop, path);
      return true;
    }
    if (prop["$"] === "scroll" && prop["defer"] !== undefined) {
      this.#defer(prop["defer"] === true ? undefined : prop["defer"], path);
      this.#mergeMetadata(prop, path, false);
      return true;
    }
    if (!this.#request.isInertia || !this.#loadedOnce(prop, path)) return false;
    this.#onceMetadata(prop, path);
    return true;
  }

  #defer(group: unknown, path: string): void {
    (this.#deferred[String(group ?? "default")] ??= []).push(path);
  }

  #metadata(prop: unknown, path: string): void {
    if (!isObject(prop)) return;
    this.#mergeMetadata(prop, path, true);
    if (prop["$"] === "scroll") {
      const known = prop["metadata"] ?? positionOf(prop["value"]);
      this.#scroll[path] = { ...(known as Fields), reset: this.#request.reset.includes(path) };
    }
    this.#onceMetadata(prop, path);
  }

  #mergeMetadata(prop: Fields, path: string, isSent: boolean): void {
    const { $: kind, merge, deepMerge } = prop;
    const isMerged = kind === "merge" || kind === "scroll" ||
      kind === "defer" && (merge === true || deepMerge === true);
    if (!isMerged || this.#request.reset.includes(path) || !this.#labelled(path)) return;
    const append = paths(prop["append"]);
    const prepend = paths(prop["prepend"]);
    if (kind === "scroll" && isSent) {
      (this.#request.prepends ? prepend : append).push([String(prop["wrapper"] ?? "data"), null]);
    }
    if (deepMerge === true) this.#deep.push(path);
    else if (append.length + prepend.length > 0) {
      this.#merge.push(...append.map(([below]) => join(path, below)));
      this.#prepend.push(...prepend.map(([below]) => join(path, below)));
    } else (prop["prepend"] === true ? this.#prepend : this.#merge).push(path);
    const matches = [prop["matchOn"] ?? []].flat().map(String);
    for (const [below, field] of [...append, ...prepend]) {
      if (field !== null) matches.push(join(below, field));
    }
    this.#matchOn.push(...matches.map((match) => join(path, match)));
  }

  #onceMetadata(prop: Fields, path: string): void {
    if (!isOnce(prop) || !this.#labelled(path)) return;
    const { as: key = path, until } = prop;
    const seconds = typeof until === "number" ? NOW_S + until : Date.parse(String(until)) / 1000;
    this.#once[String(key)] = {
      prop: path,
      expiresAt: until === undefined ? null : seconds * 1000,
    };
  }

  #loadedOnce(prop: Fields, path: string): boolean {
    return isOnce(prop) && prop["fresh"] !== true &&
      this.#request.loaded.includes(String(prop["as"] ?? path));
  }

  #selected(path: string): boolean {
    const { isPartial, only, except } = this.#request;
    if (!isPartial) return true;
    return (only === null || only.some((place) => under(path, place) || under(place, path))) &&
      !(except ?? []).some((place) => under(path, place));
  }

  #labelled(path: string): boolean {
    const { isPartial, only, except } = this.#request;
    if (!isPartial) return true;
    return (only === null || only.some((place) => under(path, place))) &&
      !(except ?? []).some((place) => under(path, place));
  }
}

/** An array of PHP is a list as long as its keys are 0, 1, 2 … */
function opened(value: unknown, key: string): unknown {
  if (!Array.isArray(value)) return isObject(value) && value["$"] === undefined ? { ...value } : {};
  return [...value.keys(), value.length].map(String).includes(key) ? [...value] : { ...value };
}

function under(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKind(value: unknown, kind: string): boolean {
  return isObject(value) && value["$"] === kind;
}

function isProp(value: unknown): boolean {
  return isObject(value) && typeof value["$"] === "string" && value["$"] !== "paginator";
}

function isOnce({ $: kind, once }: Fields): boolean {
  return kind === "once" || once === true && ["optional", "defer", "merge"].includes(String(kind));
}

/** What a paginator is sent as. */
function plain(value: unknown): unknown {
  if (!isObject(value) || value["$"] !== "paginator") return value;
  const { items, total, perPage, page } = value;
  return { current_page: page, data: items, per_page: perPage, total };
}

function positionOf(value: unknown): Fields {
  const { total, perPage, page, pageName = "page" } = value as Record<string, number>;
  const [count = 0, size = 1, current = 1] = [total, perPage, page];
  return {
    pageName,
    previousPage: current > 1 ? current - 1 : null,
    nextPage: current * size < count ? current + 1 : null,
    currentPage: current,
  };
}

function paths(option: unknown): [string, string | null][] {
  if (option === undefined || typeof option === "boolean") return [];
  if (isObject(option)) return Object.entries(option).map(([path, field]) => [path, String(field)]);
  return [option].flat().map((path) => [String(path), null]);
}

function withoutEmpty(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => Object.keys(value as object).length > 0),
  );
}
