/**
 * One request on its way: what it asks, and what the handler said about the answer so far.
 *
 * @module
 */
import type { MaybePromise } from "./maybe_promise.ts";
import type { PropTrees } from "./prop_tree.ts";
import { EMPTY_STATE, mergeState, type SessionState } from "./session.ts";
import type { Session } from "./user_session.ts";
import { VisitRequest } from "./visit_request.ts";

/** A request with the state of its answer. */
export class Visit {
  /** What the request asks. */
  readonly ask: VisitRequest;
  /** Whether the middleware runs around the handler: then it has the last word. */
  isHandled = false;
  /** Props that the handler shared. */
  readonly shared: PropTrees[] = [];
  /** Whether the handler wants the history encrypted. */
  encryptHistory: boolean | undefined = undefined;
  /** Whether the handler leaves its page to the browser. */
  isSsrDisabled = false;
  /** What the handler said, and no page told yet. */
  said: SessionState = EMPTY_STATE;
  /** What the request before left, once somebody asked. */
  incoming: SessionState | undefined = undefined;
  /** The same, while somebody waits for it. */
  reading: MaybePromise<SessionState> | undefined = undefined;
  /** Whether a page told it. */
  isTold = false;
  /** Whether nobody shall be told it. */
  isForgotten = false;
  /** The session, once the app asked. */
  session: Session | undefined = undefined;
  /** The page that was rendered: nothing is left to do about it. */
  page: Response | undefined = undefined;
  /** What `render` gave, where the page was there at once: who meets it need not wait. */
  rendered: Promise<Response> | undefined = undefined;
  /** What the handler said before the page that told it. */
  #toldByPage: SessionState = EMPTY_STATE;

  /** Begins with a request. */
  constructor(request: Request) {
    this.ask = new VisitRequest(request);
  }

  /** A page tells all that was said; `takes` is whether it also takes what the session had. */
  tell(page: Response, takes: boolean): void {
    if (this.said !== EMPTY_STATE) this.#toldByPage = mergeState(this.#toldByPage, this.said);
    this.said = EMPTY_STATE;
    this.isTold = takes;
    this.page = page;
  }

  /** The page was not sent after all: what it would have told waits for the next one. */
  untell(): void {
    if (this.page === undefined) return;
    this.said = mergeState(this.#toldByPage, this.said);
    this.isTold = false;
    this.page = undefined;
  }

  /** Adds to what the next page tells. */
  say(more: SessionState): void {
    this.said = mergeState(this.said, more);
  }

  /** Forgets what the next page would tell. */
  forget(): void {
    this.said = EMPTY_STATE;
    this.isForgotten = true;
  }
}
