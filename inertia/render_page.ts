/**
 * Renders a page: props, page object, JSON or a document.
 *
 * @module
 */
import { always } from "./always.ts";
import { renderRoot } from "./document.ts";
import { errorsProp } from "./errors.ts";
import {
  INERTIA_REQUEST_HEADERS,
  INERTIA_RESPONSE_HEADERS as NAMES,
  PAGE_VARY,
} from "./headers.ts";
import type { RenderOptions } from "./options.ts";
import type { Page } from "./page.ts";
import { renderPageJson } from "./page_json.ts";
import { pageMetadata } from "./page_metadata.ts";
import { containerItems } from "./pagination.ts";
import { prefetchCacheControl } from "./prefetch_caching.ts";
import { PropDeadline } from "./prop_deadline.ts";
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
import { EMPTY_STATE, isEmptyState, mergeState, type SessionState } from "./session.ts";
import type { Settings } from "./settings.ts";
import { renderOnServer } from "./ssr.ts";
import { mergeVary } from "./vary.ts";
import type { Visit } from "./visit.ts";

/** A page on its way: everything that later steps look at. */
interface PageDraft {
  readonly settings: Settings;
  readonly visit: Visit;
  readonly component: string;
  readonly options: RenderOptions;
  /** What the page tells: of the request before, and of this one. */
  readonly state: SessionState;
  readonly version: string;
}

/** Renders a page of a component, and remembers that what was to be told is told. */
export async function renderPage(
  settings: Settings,
  visit: Visit,
  version: string,
  component: string,
  props: PropTrees,
  options: RenderOptions,
): Promise<Response> {
  const state = mergeState(await incomingState(settings, visit), mergeState(visit.said, options));
  const name = settings.transformComponent?.(component) ?? component;
  const draft: PageDraft = { settings, visit, component: name, options, state, version };
  const page = await buildPage(draft, props);
  const json = renderPageJson(page);
  const response = visit.ask.isInertia
    ? jsonResponse(draft, json)
    : await htmlResponse(draft, page, json);
  visit.said = EMPTY_STATE;
  visit.isTold = !visit.ask.isPrefetch;
  visit.page = response;
  return response;
}

/** A prefetched page may never be seen: it tells nothing that is told once. */
async function incomingState({ session }: Settings, visit: Visit): Promise<SessionState> {
  if (session === undefined || visit.ask.isPrefetch) return EMPTY_STATE;
  visit.incoming ??= await session.read(visit.ask.request);
  return visit.incoming;
}

async function buildPage(draft: PageDraft, props: PropTrees): Promise<Page> {
  const { settings, visit, component, options } = draft;
  const { ask } = visit;
  const isPartial = ask.isPartialFor(component);
  const deadline = new PropDeadline(ask.request, settings.propTimeoutMs);
  try {
    const shared = await sharedTree(draft, deadline);
    const own = await ownTree(props, options, deadline);
    const tree = await unpacked(joinTrees([shared, own]), deadline, isPartial ? visit : undefined);
    const resolved = await resolveProps(tree, {
      visit: ask,
      isPartial,
      deadline,
      infiniteScroll: options.infiniteScroll ?? false,
      report: (error, path) =>
        settings.report(error, { source: "prop", request: ask.request, path }),
    });
    deadline.close();
    return pageObject(draft, resolved, shared, isPartial);
  } catch (error) {
    deadline.close(error);
    throw error;
  }
}

async function sharedTree(
  { settings, visit, state }: PageDraft,
  deadline: PropDeadline,
): Promise<PropTree> {
  const { share, allErrors } = settings;
  const errors = state.errors === undefined
    ? {}
    : errorsProp(state.errors, { bag: visit.ask.errorBag, allErrors });
  const shared = typeof share === "function" ? await share(visit.ask.request) : share;
  // Whatever its type: the walk looks at each value.
  const trees = [{ errors: always(errors) }, (shared ?? []) as PropTrees, ...visit.shared];
  return await propTree(trees, deadline);
}

async function ownTree(
  props: PropTrees,
  { filter, key = "items" }: RenderOptions,
  deadline: PropDeadline,
): Promise<PropTree> {
  const isContainer = containerItems(props) !== undefined;
  const tree = await propTree([isContainer ? { [key]: props } : props], deadline);
  return filter === undefined ? tree : filterProps(tree, filter);
}

async function unpacked(
  tree: PropTree,
  deadline: PropDeadline,
  partial: Visit | undefined,
): Promise<PropTree> {
  return hasDottedKeys(tree)
    ? await unpackDottedKeys(tree, deadline, partial?.ask.selection)
    : tree;
}

function pageObject(
  draft: PageDraft,
  { props, log }: ResolvedProps,
  shared: PropTree,
  isPartial: boolean,
): Page {
  const { settings, visit, component, state, version } = draft;
  const sharedKeys = settings.exposeSharedPropKeys ? topLevelKeys(shared) : [];
  const mirrors = settings.mirrorFlash && state.flash !== undefined &&
    !Object.hasOwn(props, "flash");
  return {
    component,
    props: mirrors ? { ...props, flash: state.flash } : props,
    url: settings.url?.(visit.ask.request) ?? pageUrl(visit.ask.request, settings),
    version,
    ...pageMetadata(log, { visit: visit.ask, isPartial, nowMs: settings.now(), sharedKeys }),
    ...flags(draft),
    ...(state.flash === undefined ? {} : { flash: state.flash }),
  };
}

function flags({ settings, visit, options, state }: PageDraft): Partial<Page> {
  const { encryptHistory: byDefault, protocol } = settings;
  const encryptHistory = options.encryptHistory ?? visit.encryptHistory ??
    (typeof byDefault === "function" ? byDefault(visit.ask.request) : byDefault);
  const clearHistory = state.clearHistory ?? false;
  if (protocol === 2) return { encryptHistory, clearHistory };
  return {
    ...(encryptHistory ? { encryptHistory } : {}),
    ...(clearHistory ? { clearHistory } : {}),
    ...(state.preserveFragment ? { preserveFragment: true } : {}),
  };
}

function jsonResponse(draft: PageDraft, json: string): Response {
  return pageResponse(draft, json, {
    "content-type": "application/json",
    // A browser that keeps it shows it on the way back, as text.
    "cache-control": "no-store, private",
    [NAMES.inertia]: "true",
  });
}

async function htmlResponse(draft: PageDraft, page: Page, json: string): Promise<Response> {
  const { settings, visit } = draft;
  const { request } = visit.ask;
  const nonce = typeof settings.nonce === "function" ? settings.nonce(request) : settings.nonce;
  const rendered = settings.ssr && await renderOnServer(
    settings.ssr,
    page,
    { request, signal: request.signal },
    (error) => settings.report(error, { source: "ssr", request }),
  );
  const { rootId, legacyDataPage } = settings;
  const html = await settings.document({
    head: rendered?.head.join("\n") ?? "",
    body: rendered?.body ?? renderRoot(json, { rootId, legacyDataPage, nonce }),
    rootId,
    isRendered: rendered !== undefined,
    nonce,
    page,
  }, request);
  return pageResponse(draft, html, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache, private",
  });
}

function pageResponse(
  draft: PageDraft,
  body: string,
  fields: Record<string, string>,
): Response {
  const { options: { status = 200, headers: more }, version } = draft;
  fields["vary"] = INERTIA_REQUEST_HEADERS.inertia;
  if (version !== "") fields[NAMES.version] = version;
  if (mayBeKept(draft)) {
    fields["cache-control"] = prefetchCacheControl(draft.options.prefetchCaching || true);
    fields["vary"] = PAGE_VARY.join(", ");
  }
  return new Response(body, {
    status,
    headers: more === undefined ? fields : joinHeaders(more, fields),
  });
}

/** What is told once must not be kept, and so told again. */
function mayBeKept({ options, visit, state }: PageDraft): boolean {
  return Boolean(options.prefetchCaching) && visit.ask.isInertia && visit.ask.isPrefetch &&
    (options.status ?? 200) === 200 && isEmptyState(state);
}

/** The user's fields, and ours: only how long an answer is kept is the user's to say. */
function joinHeaders(more: HeadersInit, fields: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(more);
  for (const [name, value] of Object.entries(fields)) {
    if (name === "vary") headers.set(name, mergeVary(headers.get(name), value.split(", ")));
    else if (name !== "cache-control" || !headers.has(name)) headers.set(name, value);
  }
  return headers;
}
