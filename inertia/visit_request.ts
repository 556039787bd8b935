/**
 * What a request says in the protocol's fields.
 *
 * @module
 */
import { INERTIA_REQUEST_HEADERS as NAMES } from "./headers.ts";
import { parsePaths, parseSelection, type Selection } from "./prop_path.ts";

/**
 * A request, read field by field when somebody asks: most visits have but two.
 *
 * All of it comes from the browser, and nothing of it is proof of anything.
 */
export class VisitRequest {
  /** The request itself. */
  readonly request: Request;
  /** Whether the client takes a page as JSON. */
  readonly isInertia: boolean;
  #selection: Selection | undefined;
  #reset: ReadonlySet<string> | undefined;
  #loadedOnce: ReadonlySet<string> | undefined;

  /** Reads the field that decides. */
  constructor(request: Request) {
    this.request = request;
    this.isInertia = Boolean(request.headers.get(NAMES.inertia));
  }

  /** The version that the client runs on. */
  get version(): string {
    return this.#field(NAMES.version) ?? "";
  }

  /** Whether it is asked ahead of the user. */
  get isPrefetch(): boolean {
    return [NAMES.purpose, NAMES.secPurpose, NAMES.xMoz]
      .some((name) => /\bprefetch\b/i.test(this.#field(name) ?? ""));
  }

  /** Whether only a validation is asked for. */
  get isPrecognition(): boolean {
    return this.#field(NAMES.precognition) === "true";
  }

  /** The fields to validate; null for all. */
  get validateOnly(): readonly string[] | null {
    return parsePaths(this.#field(NAMES.precognitionValidateOnly));
  }

  /** The name under which the form wants its errors. */
  get errorBag(): string | undefined {
    return this.#field(NAMES.errorBag) || undefined;
  }

  /** Whether an infinite scroll goes up. */
  get prependsScroll(): boolean {
    return this.#field(NAMES.scrollMergeIntent) === "prepend";
  }

  /** Whether it is a partial reload of a component; of another one it is a full visit. */
  isPartialFor(component: string): boolean {
    return this.#field(NAMES.partialComponent) === component;
  }

  /** What a partial reload selects. */
  get selection(): Selection {
    return this.#selection ??= parseSelection(
      this.#field(NAMES.partialOnly),
      this.#field(NAMES.partialExcept),
    );
  }

  /** Whether a path replaces what the client has. By itself: what is below it merges on. */
  isReset(path: string): boolean {
    this.#reset ??= new Set(parsePaths(this.#field(NAMES.reset)));
    return this.#reset.has(path);
  }

  /** Whether the client has a once prop of this name. */
  hasOnceProp(key: string): boolean {
    this.#loadedOnce ??= new Set(parsePaths(this.#field(NAMES.exceptOnceProps)));
    return this.#loadedOnce.has(key);
  }

  #field(name: string): string | null {
    return this.request.headers.get(name);
  }
}
