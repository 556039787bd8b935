/**
 * Renders a page, and remembers that what was to be told is told.
 *
 * @module
 */
import { buildPage } from "./build_page.ts";
import { incomingState } from "./keep_state.ts";
import { andThen, type MaybePromise } from "./maybe_promise.ts";
import type { RenderOptions } from "./options.ts";
import type { Page } from "./page.ts";
import type { PageDraft } from "./page_draft.ts";
import { renderPageJson } from "./page_json.ts";
import { htmlResponse, jsonResponse } from "./page_response.ts";
import { PropDeadline } from "./prop_deadline.ts";
import type { PropTrees } from "./prop_tree.ts";
import { EMPTY_STATE, mergeState, type SessionState } from "./session.ts";
import { randomId } from "./random_id.ts";
import type { Settings } from "./settings.ts";
import type { Visit } from "./visit.ts";

/** It never leaves this process, so nobody can put it into a page. */
const MARK = randomId();

/** What is to be rendered. */
export interface PageOrder {
  /** The server's name of the component. */
  readonly component: string;
  /** Its props. */
  readonly props: PropTrees;
  /** What the handler wants of this page. */
  readonly options: RenderOptions;
}

/** Renders a page, which is there at once if nothing in it takes time. */
export function renderPage(
  settings: Settings,
  visit: Visit,
  version: string,
  { component, props, options }: PageOrder,
): MaybePromise<Response> {
  return andThen(stateBefore(settings, visit), (before) => {
    const draft = {
      settings,
      visit,
      component: settings.transformComponent?.(component) ?? component,
      options,
      state: toldState(before, visit, options),
      version,
    };
    return andThen(builtPage(draft, props), (page) => {
      const json = renderPageJson(page, MARK);
      const response = visit.ask.isInertia
        ? jsonResponse(draft, json)
        : htmlResponse(draft, page, json);
      return andThen(response, (response) => told(draft, response));
    });
  });
}

function told({ settings, visit }: PageDraft, response: Response): Response {
  visit.tell(response, settings.session !== undefined && !visit.ask.isPrefetch);
  return response;
}

/** Its props' functions have as long as the settings say. */
function builtPage(draft: PageDraft, props: PropTrees): MaybePromise<Page> {
  const deadline = new PropDeadline(draft.visit.ask.request, draft.settings.propTimeoutMs);
  const fail = (error: unknown): never => {
    deadline.close(error);
    throw error;
  };
  const close = (page: Page): Page => {
    deadline.close();
    return page;
  };
  try {
    const page = buildPage(draft, props, deadline);
    return page instanceof Promise ? page.then(close, fail) : close(page);
  } catch (error) {
    return fail(error);
  }
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
