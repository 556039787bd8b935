/**
 * Computes the props that an answer has: the selected ones, at any depth, side by side, each at most once.
 *
 * Nothing here waits by itself: what is there at once is there at once, and only what takes time costs a promise.
 *
 * @module
 */
import { isInert, isLeaf, MAX_DEPTH } from "./inert_value.ts";
import { isPlainObject, isThenable } from "./own_property.ts";
import { isLoadedOnce, type LogEntry, type PropLog } from "./page_metadata.ts";
import { containerItems } from "./pagination.ts";
import { Prop, type PropFunction } from "./prop.ts";
import type { PropDeadline } from "./prop_deadline.ts";
import { isSelected, PropPath } from "./prop_path.ts";
import { expandProviders, PropProvider } from "./prop_provider.ts";
import { scroll } from "./scroll.ts";
import { scrollMetadata } from "./scroll_metadata.ts";
import type { VisitRequest } from "./visit_request.ts";

/** What decides about props, beside themselves. */
export interface ResolveContext {
  /** The request. */
  readonly visit: VisitRequest;
  /** Whether it is a partial reload of this component. */
  readonly isPartial: boolean;
  /** What functions are given, and how long they may take. */
  readonly deadline: PropDeadline;
  /** Whether pagination containers scroll. */
  readonly infiniteScroll: boolean;
  /** Told of errors that are not thrown. */
  readonly report: (error: unknown, path: string) => void;
}

/** The props of an answer, and the traces that they left. */
export interface ResolvedProps {
  /** The values. What needed no work is the very object that was given. */
  readonly props: Record<string, unknown>;
  /** The traces. */
  readonly log: PropLog;
}

/** Resolves a tree: its values, or a promise of them. It throws, or rejects with, what a function throws. */
export function resolveProps(
  tree: Readonly<Record<string, unknown>>,
  context: ResolveContext,
): ResolvedProps | Promise<ResolvedProps> {
  const log: PropLog = [];
  // An object gives an object.
  const finish = (props: unknown): ResolvedProps => ({
    props: props as ResolvedProps["props"],
    log,
  });
  const props = new Resolver(context).walkObject(tree, undefined, context.isPartial, log);
  return props instanceof Promise ? props.then(finish) : finish(props);
}

/** Stands for a prop that is not sent; a value may be undefined. */
const SKIPPED = Symbol("skipped");

/** Functions that give functions that give functions. */
const MAX_TURNS = 16;

/** What a container is where they scroll by themselves. */
const IMPLICIT_SCROLL = scroll<unknown>(undefined);

type PropObject = Readonly<Record<string, unknown>>;

/** What has to be called or waited for. */
type Lazy = Prop<unknown> | PropFunction<unknown> | PromiseLike<unknown>;

/** Walks objects and arrays, value by value. They stay the same objects where their values do. */
class Resolver {
  readonly #context: ResolveContext;

  constructor(context: ResolveContext) {
    this.#context = context;
  }

  /** `filters`: whether a partial reload selects below here. What a function gave, it selects as a whole. */
  walkObject(
    object: PropObject,
    path: PropPath | undefined,
    filters: boolean,
    log: PropLog,
  ): unknown {
    let copy: Record<string, unknown> | undefined;
    let waiting: Waiting | undefined;
    try {
      // Not Object.keys, by which each look-up is one by name; that takes many times as long.
      for (const key in object) {
        const value = object[key];
        if (!filters && (isLeaf(value) || path === undefined && isInert(value))) continue;
        if (!Object.hasOwn(object, key)) continue;
        const resolved = this.#child(value, new PropPath(path, key), filters, log);
        if (resolved === value) continue;
        // A clone keeps its shape, and a fast serialiser wants shapes; key by key, or with keys deleted, it has none.
        copy ??= { ...object };
        if (resolved instanceof Promise) (waiting ??= new Waiting()).add(key, resolved);
        // JSON leaves out what is undefined.
        copy[key] = resolved === SKIPPED ? undefined : resolved;
      }
    } catch (error) {
      waiting?.abandon();
      throw error;
    }
    return waiting === undefined || copy === undefined ? copy ?? object : waiting.fillObject(copy);
  }

  #walkArray(array: readonly unknown[], path: PropPath, filters: boolean, log: PropLog): unknown {
    if (hasProvider(array)) return this.#walkProvided(array, path, filters, log);
    let copy: unknown[] | undefined;
    let waiting: Waiting | undefined;
    try {
      for (let index = 0; index < array.length; index++) {
        const value = array[index];
        if (!filters && isInert(value)) {
          copy?.push(value);
          continue;
        }
        const resolved = this.#item(value, new PropPath(path, index), filters, log);
        if (resolved === value && copy === undefined) continue;
        copy ??= array.slice(0, index);
        if (resolved instanceof Promise) (waiting ??= new Waiting()).add(index, resolved);
        copy.push(resolved);
      }
    } catch (error) {
      waiting?.abandon();
      throw error;
    }
    if (copy === undefined) return array;
    return waiting === undefined ? withoutGaps(copy) : waiting.fillArray(copy);
  }

  #walkProvided(
    array: readonly unknown[],
    path: PropPath,
    filters: boolean,
    log: PropLog,
  ): unknown {
    const expanded = expandProviders(array, this.#context.deadline);
    if (!(expanded instanceof Promise)) return this.walkObject(expanded, path, filters, log);
    return later(
      this.#context.deadline.race(expanded, path),
      log,
      (tree, log) => this.walkObject(tree, path, filters, log),
    );
  }

  /** The value of a key. */
  #child(value: unknown, path: PropPath, filters: boolean, log: PropLog): unknown {
    const items = containerItems(value);
    if (items === undefined) return this.#item(value, path, filters, log);
    if (filters && !this.#isWanted(value, path)) return SKIPPED;
    if (this.#context.infiniteScroll) log.push(this.#sent(IMPLICIT_SCROLL, value, path));
    return this.#walkArray(items, path, filters, log);
  }

  #item(value: unknown, path: PropPath, filters: boolean, log: PropLog): unknown {
    if (filters && !this.#isWanted(value, path)) {
      // Nobody will look at it, and a rejection that nobody looks at ends the process.
      if (isThenable(value)) value.then(undefined, () => {});
      return SKIPPED;
    }
    if (typeof value === "function") return this.#prop(value as Lazy, path, log, 0); // A prop's.
    if (isLeaf(value)) return value;
    if (path.depth > MAX_DEPTH) throw tooDeep(path);
    if (Array.isArray(value)) return this.#walkArray(value, path, filters, log);
    return isPlainObject(value) && typeof value["toJSON"] !== "function"
      ? this.walkObject(value, path, filters, log)
      : this.#instance(value, path, log);
  }

  #isWanted(value: unknown, path: PropPath): boolean {
    return value instanceof Prop && value.kind === "always" ||
      isSelected(path.text, this.#context.visit.selection);
  }

  #instance(value: object, path: PropPath, log: PropLog): unknown {
    if (value instanceof Prop || isThenable(value)) return this.#prop(value, path, log, 0);
    if (value instanceof PropProvider) return this.#prop(value.props, path, log, 0);
    // Dates, and whatever else knows its own JSON.
    if (!("toJSON" in value) || typeof value.toJSON !== "function") return value;
    const json: unknown = value.toJSON();
    return isLeaf(json) || json === value ? json : this.#item(json, path, false, log);
  }

  #prop(prop: Lazy, path: PropPath, log: PropLog, turns: number): unknown {
    if (turns > MAX_TURNS) throw tooDeep(path);
    if (!this.#context.isPartial && prop instanceof Prop) {
      const outcome = this.#exclusion(prop, path);
      if (outcome !== undefined) {
        log.push({ prop, path, outcome });
        return SKIPPED;
      }
    }
    let value: unknown;
    try {
      value = this.#read(prop);
    } catch (error) {
      return this.#failed(prop, path, error, log);
    }
    if (!isThenable(value)) return this.#settled(prop, value, path, log, turns);
    return later(
      this.#context.deadline.race(value, path),
      log,
      (value, log) => this.#settled(prop, value, path, log, turns),
      (error, log) => this.#failed(prop, path, error, log),
    );
  }

  #read(prop: Lazy): unknown {
    const source = prop instanceof Prop ? prop.source : prop;
    return typeof source === "function" ? source(this.#context.deadline) : source;
  }

  /** On a full visit: what the client has, or will ask for, is not computed. */
  #exclusion(prop: Prop<unknown>, path: PropPath): LogEntry["outcome"] | undefined {
    const { visit } = this.#context;
    if (prop.skipsFirstVisit || prop.group !== undefined) return "later";
    return visit.isInertia && isLoadedOnce(prop, path, visit) ? "loaded" : undefined;
  }

  #failed(prop: Lazy, path: PropPath, error: unknown, log: PropLog): unknown {
    if (!(prop instanceof Prop) || !prop.rescue) throw error;
    this.#context.report(error, path.text);
    log.push({ prop, path, outcome: "rescued" });
    return SKIPPED;
  }

  #settled(prop: Lazy, value: unknown, path: PropPath, log: PropLog, turns: number): unknown {
    // A function may give a prop, which then has its own say.
    if (typeof value === "function" || value instanceof Prop) {
      return this.#prop(value as Lazy, path, log, turns + 1); // By these two.
    }
    if (!(prop instanceof Prop)) return this.#child(value, path, false, log);
    if (prop.merge !== undefined || prop.once !== undefined) {
      log.push(this.#sent(prop, value, path));
    }
    return this.#item(listOf(prop, value) ?? value, path, false, log);
  }

  #sent(prop: Prop<unknown>, value: unknown, path: PropPath): LogEntry {
    if (prop.scroll === undefined) return { prop, path, outcome: "sent" };
    const metadata = scrollMetadata(prop.scroll, value, path.text);
    const isList = listOf(prop, value) !== undefined;
    return { prop, path, outcome: "sent", scroll: metadata, isList };
  }
}

/** The items of a container. A scroll that names the key of its items wants the rest of it, too. */
function listOf({ scroll }: Prop<unknown>, value: unknown): readonly unknown[] | undefined {
  return scroll?.wrapper ? undefined : containerItems(value);
}

/** The places that wait for a promise. */
class Waiting {
  readonly #keys: (string | number)[] = [];
  readonly #values: Promise<unknown>[] = [];

  add(key: string | number, value: Promise<unknown>): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  /** Somebody else failed first: what these say does not matter any more. */
  abandon(): void {
    for (const value of this.#values) value.catch(() => {});
  }

  async fillObject(object: Record<string, unknown>): Promise<Record<string, unknown>> {
    const values = await Promise.all(this.#values);
    for (const [index, value] of values.entries()) {
      object[String(this.#keys[index])] = value === SKIPPED ? undefined : value;
    }
    return object;
  }

  async fillArray(array: unknown[]): Promise<unknown> {
    const values = await Promise.all(this.#values);
    for (const [index, value] of values.entries()) array[Number(this.#keys[index])] = value;
    return withoutGaps(array);
  }
}

/** Continues when a value is there, with a log of its own at the place of the value. */
function later<T>(
  value: PromiseLike<T>,
  log: PropLog,
  onValue: (value: T, log: PropLog) => unknown,
  onError?: (error: unknown, log: PropLog) => unknown,
): Promise<unknown> {
  const own: PropLog = [];
  log.push(own);
  return Promise.resolve(value).then(
    (value) => onValue(value, own),
    onError && ((error) => onError(error, own)),
  );
}

function hasProvider(items: readonly unknown[]): boolean {
  for (const item of items) if (item instanceof PropProvider) return true;
  return false;
}

/** Indexes are paths, so what follows a gap can't move up: then the items become keys, as they do in PHP. */
function withoutGaps(items: readonly unknown[]): unknown {
  const gap = items.indexOf(SKIPPED);
  if (gap === -1) return items;
  const isEnd = items.slice(gap).every((item) => item === SKIPPED);
  if (isEnd) return items.slice(0, gap);
  return Object.fromEntries(Object.entries(items).filter(([, item]) => item !== SKIPPED));
}

function tooDeep(path: PropPath): RangeError {
  const start = path.text.split(".").slice(0, 4).join(".");
  return new RangeError(
    `Cannot resolve the prop "${start}": it contains itself, or is nested more than ${MAX_DEPTH} deep`,
  );
}
