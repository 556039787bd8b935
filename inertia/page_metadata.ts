/**
 * What a page says about its props, gathered in the order of the tree.
 *
 * @module
 */
import { expiresAt } from "./once_rule.ts";
import type { OncePageProp, PageMetadata, ScrollPageProp } from "./page.ts";
import type { Prop } from "./prop.ts";
import { isIncluded, joinPath, type PropPath } from "./prop_path.ts";
import { DEFAULT_WRAPPER, type ScrollMetadata } from "./scroll_metadata.ts";
import { withMergePath } from "./merge_rule.ts";
import type { VisitRequest } from "./visit_request.ts";

/** What became of a prop: sent, left for later, already with the client, or failed. */
export type PropOutcome = "sent" | "later" | "loaded" | "rescued";

/** A prop that left a trace. Whose value takes time has a log of its own at its place. */
export interface LogEntry {
  /** Which prop. */
  readonly prop: Prop<unknown>;
  /** Where it is. */
  readonly path: PropPath;
  /** What became of it. */
  readonly outcome: PropOutcome;
  /** The pages around it. */
  readonly scroll?: ScrollMetadata | undefined;
  /** Whether its items are the value itself, not a key of it. */
  readonly isList?: boolean;
}

/** The traces of a tree, in its order. */
export type PropLog = (LogEntry | PropLog)[];

/** What decides about metadata, beside the props. */
export interface MetadataContext {
  /** The request. */
  readonly visit: VisitRequest;
  /** Whether it is a partial reload of this component. */
  readonly isPartial: boolean;
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Keys of the props that every page has, if these are told. */
  readonly sharedKeys: readonly string[];
}

/** Whether a prop's value is already with the client. */
export function isLoadedOnce(
  { once }: Prop<unknown>,
  path: PropPath,
  visit: VisitRequest,
): boolean {
  return once !== undefined && !once.isFresh && visit.hasOnceProp(once.key ?? path.text);
}

/** Gathers the metadata of a page. */
export function pageMetadata(log: PropLog, context: MetadataContext): PageMetadata {
  const gatherer = new MetadataGatherer(context);
  gatherer.addAll(log);
  return gatherer.metadata();
}

class MetadataGatherer {
  readonly #context: MetadataContext;
  readonly #mergeProps: string[] = [];
  readonly #prependProps: string[] = [];
  readonly #deepMergeProps: string[] = [];
  readonly #matchPropsOn: string[] = [];
  readonly #rescuedProps: string[] = [];
  readonly #deferredProps = new Map<string, string[]>();
  readonly #scrollProps = new Map<string, ScrollPageProp>();
  readonly #onceProps = new Map<string, OncePageProp>();

  constructor(context: MetadataContext) {
    this.#context = context;
  }

  addAll(log: PropLog): void {
    for (const entry of log) {
      if (Array.isArray(entry)) this.addAll(entry);
      else this.#add(entry);
    }
  }

  #add(entry: LogEntry): void {
    switch (entry.outcome) {
      case "rescued":
        this.#rescuedProps.push(entry.path.text);
        return;
      case "loaded":
        this.#addOnce(entry);
        return;
      case "later":
        this.#addDeferred(entry);
        this.#addMerge(entry);
        this.#addOnce(entry);
        return;
      case "sent":
        this.#addMerge(entry);
        this.#addScroll(entry);
        this.#addOnce(entry);
    }
  }

  #addDeferred({ prop, path }: LogEntry): void {
    if (prop.group === undefined || isLoadedOnce(prop, path, this.#context.visit)) return;
    const group = this.#deferredProps.get(prop.group);
    if (group === undefined) this.#deferredProps.set(prop.group, [path.text]);
    else group.push(path.text);
  }

  #addMerge(entry: LogEntry): void {
    const rule = mergeRuleOf(entry, this.#context.visit);
    const path = entry.path.text;
    if (rule === undefined || this.#context.visit.isReset(path) || this.#isUnlabelled(path)) return;
    if (rule.isDeep) this.#deepMergeProps.push(path);
    else if (rule.appendPaths.length + rule.prependPaths.length === 0) {
      (rule.prependsAtRoot ? this.#prependProps : this.#mergeProps).push(path);
    }
    if (!rule.isDeep) {
      this.#mergeProps.push(...rule.appendPaths.map((below) => joinPath(path, below)));
      this.#prependProps.push(...rule.prependPaths.map((below) => joinPath(path, below)));
    }
    this.#matchPropsOn.push(...rule.matchOn.map((field) => joinPath(path, field)));
  }

  #addScroll({ path, scroll }: LogEntry): void {
    if (scroll === undefined) return;
    const reset = this.#context.visit.isReset(path.text);
    this.#scrollProps.set(path.text, { ...scroll, reset });
  }

  #addOnce({ prop: { once }, path }: LogEntry): void {
    if (once === undefined || this.#isUnlabelled(path.text)) return;
    this.#onceProps.set(once.key ?? path.text, {
      prop: path.text,
      expiresAt: expiresAt(once, this.#context.nowMs),
    });
  }

  /** A partial reload labels what it sends as a whole; the client would undo a label without a value. */
  #isUnlabelled(path: string): boolean {
    const { isPartial, visit } = this.#context;
    return isPartial && !isIncluded(path, visit.selection);
  }

  metadata(): PageMetadata {
    return {
      ...list("sharedProps", this.#context.sharedKeys),
      ...list("mergeProps", this.#mergeProps),
      ...list("prependProps", this.#prependProps),
      ...list("deepMergeProps", this.#deepMergeProps),
      ...list("matchPropsOn", this.#matchPropsOn),
      ...record("deferredProps", this.#deferredProps),
      ...list("rescuedProps", this.#rescuedProps),
      ...record("scrollProps", this.#scrollProps),
      ...record("onceProps", this.#onceProps),
    };
  }
}

/** A scroll that was sent merges where its items are; one that comes later has no items yet. */
function mergeRuleOf(
  { prop, outcome, isList }: LogEntry,
  visit: VisitRequest,
): Prop<unknown>["merge"] {
  if (prop.merge === undefined || prop.scroll === undefined || outcome !== "sent") {
    return prop.merge;
  }
  const wrapper = prop.scroll.wrapper ?? (isList ? "" : DEFAULT_WRAPPER);
  return withMergePath(prop.merge, wrapper, visit.prependsScroll);
}

function list(name: keyof PageMetadata, values: readonly string[]): PageMetadata {
  return values.length === 0 ? {} : { [name]: values };
}

function record(name: keyof PageMetadata, values: ReadonlyMap<string, unknown>): PageMetadata {
  // fromEntries defines its keys, so `__proto__` is a key like any other.
  return values.size === 0 ? {} : { [name]: Object.fromEntries(values) };
}
