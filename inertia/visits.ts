/**
 * The visits that are on their way, by their requests.
 *
 * @module
 */
import { Visit } from "./visit.ts";

/**
 * Finds the visit of a request.
 *
 * Most requests are answered before the next one is looked at, so the latest is at hand. A `WeakMap` alone costs a quarter
 * of a small page on V8, nearly all of it in the collector: it has to look at each entry by itself.
 */
export class Visits {
  #latest: Visit | undefined;
  readonly #others = new WeakMap<Request, Visit>();

  /** Gives the visit of a request, a new one at the first time. */
  of(request: Request): Visit {
    const latest = this.#latest;
    if (latest !== undefined && latest.ask.request === request) return latest;
    const known = this.#others.get(request);
    if (known !== undefined) return known;
    if (latest !== undefined) this.#others.set(latest.ask.request, latest);
    return this.#latest = new Visit(request);
  }

  /** Forgets a visit that has its answer. */
  end(visit: Visit): void {
    if (this.#latest === visit) this.#latest = undefined;
  }
}
