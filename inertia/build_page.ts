/**
 * Builds the page object: what is shared and what the page has, resolved.
 *
 * @module
 */
import { always } from "./always.ts";
import { errorsProp } from "./errors.ts";
import { andThen, type MaybePromise } from "./maybe_promise.ts";
import type { Page } from "./page.ts";
import type { PageDraft } from "./page_draft.ts";
import { pageMetadata } from "./page_metadata.ts";
import { containerItems } from "./pagination.ts";
import type { PropDeadline } from "./prop_deadline.ts";
import { filterProps } from "./prop_filter.ts";
import { joinTrees, type PropTree } from "./prop_provider.ts";
import {
  hasDottedKeys,
  propTree,
  type PropTrees,
  topLevelKeys,
  unpackDottedKeys,
} from "./prop_tree.ts";
import { pageUrl } from "./request_url.ts";
import { type ResolvedProps, resolveProps } from "./resolve_props.ts";

/** Builds a page, which is there at once if nothing in it takes time. */
export function buildPage(
  draft: PageDraft,
  props: PropTrees,
  deadline: PropDeadline,
): MaybePromise<Page> {
  const { ask } = draft.visit;
  const isPartial = ask.isPartialFor(draft.component);
  return andThen(
    deadline.limit(sharedTree(draft, isPartial, deadline), "the shared props"),
    (shared) =>
      andThen(deadline.limit(ownTree(draft, props, deadline), "a provider of props"), (own) => {
        const tree = joinTrees([shared, own]);
        const unpacked = hasDottedKeys(tree)
          ? unpackDottedKeys(tree, deadline, isPartial ? ask.selection : undefined)
          : tree;
        return andThen(deadline.limit(unpacked, "a prop with a dotted name"), (tree) =>
          andThen(
            resolve(draft, tree, isPartial, deadline),
            (resolved) => pageObject(draft, resolved, shared, isPartial),
          ));
      }),
  );
}

function sharedTree(
  { settings, visit, state }: PageDraft,
  isPartial: boolean,
  deadline: PropDeadline,
): MaybePromise<PropTree> {
  const { share, allErrors } = settings;
  const errors = state.errors === undefined
    ? {}
    : errorsProp(state.errors, { bag: visit.ask.errorBag, allErrors });
  // On a full visit nothing would leave it out, and a tree without props is sent as it is.
  const own: PropTree = { errors: isPartial ? always(errors) : errors };
  if (share === undefined && visit.shared.length === 0) return own;
  const shared = typeof share === "function" ? share(visit.ask.request) : share;
  return andThen(
    // Whatever its type: the walk looks at each value.
    (shared ?? []) as MaybePromise<PropTrees>,
    (shared) => propTree([own, shared, ...visit.shared], deadline),
  );
}

function ownTree(
  { options: { filter, key = "items" } }: PageDraft,
  props: PropTrees,
  deadline: PropDeadline,
): MaybePromise<PropTree> {
  const isContainer = containerItems(props) !== undefined;
  return andThen(
    propTree([isContainer ? { [key]: props } : props], deadline),
    (tree) => filter === undefined ? tree : filterProps(tree, filter),
  );
}

function resolve(
  { settings, visit: { ask }, options }: PageDraft,
  tree: PropTree,
  isPartial: boolean,
  deadline: PropDeadline,
): MaybePromise<ResolvedProps> {
  return resolveProps(tree, {
    visit: ask,
    isPartial,
    deadline,
    infiniteScroll: options.infiniteScroll ?? false,
    report: (error, path) => settings.report(error, { source: "prop", request: ask.request, path }),
  });
}

function pageObject(
  draft: PageDraft,
  { props, log }: ResolvedProps,
  shared: PropTree,
  isPartial: boolean,
): Page {
  const { settings, visit, component, state: { flash }, version } = draft;
  const sharedKeys = settings.exposeSharedPropKeys ? topLevelKeys(shared) : [];
  const context = { visit: visit.ask, isPartial, nowMs: settings.now(), sharedKeys };
  const page: { -readonly [Key in keyof Page]: Page[Key] } = {
    component,
    props: mirrored(props, draft),
    url: settings.url?.(visit.ask.request) ?? pageUrl(visit.ask.request, settings),
    version,
  };
  // Most pages have no more than this; to assign nothing costs V8 a microsecond of 28 for 10 KB.
  if (log.length > 0) Object.assign(page, pageMetadata(log, context));
  else if (sharedKeys.length > 0) page.sharedProps = sharedKeys;
  const flags = historyFlags(draft);
  if (flags !== undefined) Object.assign(page, flags);
  if (flash !== undefined) page.flash = flash;
  return page;
}

/** Old clients look for flash among the props. */
function mirrored(props: PropTree, { settings, state: { flash } }: PageDraft): PropTree {
  const isMirrored = settings.mirrorFlash && flash !== undefined && !Object.hasOwn(props, "flash");
  return isMirrored ? { ...props, flash } : props;
}

function historyFlags(draft: PageDraft): Partial<Page> | undefined {
  const { settings, visit, options, state } = draft;
  const { encryptHistory: byDefault, protocol } = settings;
  const encryptHistory = options.encryptHistory ?? visit.encryptHistory ??
    (typeof byDefault === "function" ? byDefault(visit.ask.request) : byDefault);
  const { clearHistory = false, preserveFragment = false } = state;
  if (protocol === 3 && !encryptHistory && !clearHistory && !preserveFragment) return undefined;
  // Version 2 of the client wants the first two in any case; version 3 wants what is on.
  return {
    ...(encryptHistory || protocol === 2 ? { encryptHistory } : {}),
    ...(clearHistory || protocol === 2 ? { clearHistory } : {}),
    ...(preserveFragment ? { preserveFragment } : {}),
  };
}
