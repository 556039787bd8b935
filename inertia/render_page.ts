/**
 * Renders a page, and remembers that what was to be told is told.
 *
 * @module
 */
import { buildPage } from "./build_page.ts";
import { incomingState } from "./keep_state.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import type { RenderOptions } from "./options.ts";
import type { Page } from "./page.ts";
import { renderPageJson } from "./page_json.ts";
import { htmlResponse, jsonResponse } from "./page_response.ts";
import { PropDeadline } from "./prop_deadline.ts";
import type { PropTrees } from "./prop_tree.ts";
import { EMPTY_STATE, mergeState, type SessionState } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { Visit } from "./visit.ts";

/** What is to be rendered. */
export interface PageOrder {
  /** The server's name of the component. */
  readonly component: string;
  /** Its props. */
  readonly props: PropTrees;
  /** What the handler wants of this page. */
  readonly options: RenderOptions;
}

/** Renders a page. */
export async function renderPage(
  settings: Settings,
  visit: Visit,
  version: string,
  { component, props, options }: PageOrder,
): Promise<Response> {
  const before = stateBefore(settings, visit);
  const draft = {
    settings,
    visit,
    component: settings.transformComponent?.(component) ?? component,
    options,
    state: toldState(before instanceof Promise ? await before : before, visit, options),
    version,
  };
  const deadline = new PropDeadline(visit.ask.request, settings.propTimeoutMs);
  let page: Page;
  try {
    const built = buildPage(draft, props, deadline);
    page = built instanceof Promise ? await built : built;
  } catch (error) {
    deadline.close(error);
    throw error;
  }
  deadline.close();
  const json = renderPageJson(page);
  const response = visit.ask.isInertia
    ? jsonResponse(draft, json)
    : await htmlResponse(draft, page, json);
  visit.said = EMPTY_STATE;
  visit.isTold = settings.session !== undefined && !visit.ask.isPrefetch;
  visit.page = response;
  return response;
}

/** A prefetched page may never be seen: it tells nothing that is told once. */
function stateBefore(settings: Settings, visit: Visit): MaybePromise<SessionState> {
  if (settings.session === undefined || visit.ask.isPrefetch) return EMPTY_STATE;
  return incomingState(settings, visit);
}

function toldState(read: SessionState, visit: Visit, options: RenderOptions): SessionState {
  const before = visit.isForgotten ? EMPTY_STATE : read;
  const { flash, clearHistory, preserveFragment } = options;
  const said = flash ?? clearHistory ?? preserveFragment;
  if (said === undefined && visit.said === EMPTY_STATE) return before;
  return mergeState(before, mergeState(visit.said, { flash, clearHistory, preserveFragment }));
}
