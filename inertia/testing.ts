/**
 * Assertions about pages, for the tests of an app.
 *
 * @module
 */
import { INERTIA_REQUEST_HEADERS as NAMES } from "./headers.ts";
import type { Page } from "./page.ts";
import { deepEqual } from "./deep_equal.ts";

/** What answers the requests of an app under test. */
export type TestHandler = (request: Request) => Response | Promise<Response>;

/** Options of {@linkcode assertInertia}. */
export interface AssertInertiaOptions {
  /** What answers reloads: the app's handler. */
  readonly fetch?: TestHandler | undefined;
  /** The origin of the app, for reloads. @default "http://localhost" */
  readonly origin?: string | undefined;
}

/** Which props a reload asks for. */
export interface ReloadOptions {
  /** Paths that are wanted. */
  readonly only?: readonly string[] | undefined;
  /** Paths that are not. */
  readonly except?: readonly string[] | undefined;
  /** Paths that replace what the client has. */
  readonly reset?: readonly string[] | undefined;
}

/** What is asserted about another page. */
export type PageAssertions = (page: AssertableInertia) => AssertableInertia | PromiseLike<Page>;

/**
 * Reads the page of a response: of JSON, or of a document.
 *
 * @example Usage
 * ```ts
 * import { createInertia, readPage } from "@lv/sidecar/inertia";
 * import { equal } from "node:assert/strict";
 *
 * const request = new Request("http://localhost/");
 * const page = await readPage(await createInertia().render(request, "Home", { name: "Ada" }));
 * equal(page.props["name"], "Ada");
 * ```
 *
 * @param response The response; its body is consumed.
 * @returns The page.
 * @throws {TypeError} If there is none in it.
 */
export async function readPage(response: Response): Promise<Page> {
  const text = await response.text();
  const json = response.headers.has("x-inertia") ? text : pageInDocument(text);
  if (json === undefined) {
    throw new TypeError(
      `Cannot find a page in the response: its status is ${response.status}, its type ${
        response.headers.get("content-type")
      }`,
    );
  }
  return JSON.parse(json);
}

function pageInDocument(html: string): string | undefined {
  const script = /<script data-page="[^"]*" type="application\/json"[^>]*>(.*?)<\/script>/s.exec(
    html,
  );
  return script?.[1] ?? unescaped(/ data-page="([^"]*)"><\/div>/.exec(html)?.[1]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#96;": "`",
};

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => ENTITIES[entity] ?? entity);
}

/**
 * Asserts what a page says. The assertions run when it is awaited, in their order.
 *
 * @example A page, and what a partial reload brings
 * ```ts
 * import { assertInertia, createInertia, optional } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const app = (request: Request) =>
 *   inertia.handle(request, () =>
 *     inertia.render(request, "Users/Index", {
 *       users: ["Ada", "Grace"],
 *       filters: optional(() => ["active"]),
 *     }));
 *
 * await assertInertia(await app(new Request("http://localhost/users")), { fetch: app })
 *   .component("Users/Index")
 *   .has("users", 2)
 *   .missing("filters")
 *   .reload({ only: ["filters"] }, (page) => page.where("filters", ["active"]).missing("users"));
 * ```
 *
 * @param response The response, or a promise of it; its body is consumed.
 * @param options What answers reloads.
 * @returns The assertions: an object to chain and to await.
 */
export function assertInertia(
  response: Response | Promise<Response>,
  options: AssertInertiaOptions = {},
): AssertableInertia {
  return new AssertableInertia(response, options);
}

type Check = (page: Page) => void | Promise<void>;

/**
 * Assertions about a page; awaited, they run and give the page.
 *
 * @example Assertions that several tests share
 * ```ts
 * import { type AssertableInertia, assertInertia, createInertia } from "@lv/sidecar/inertia";
 *
 * const isHome = (page: AssertableInertia) => page.component("Home").has("name").hasNoErrors();
 *
 * const request = new Request("http://localhost/");
 * await isHome(assertInertia(createInertia().render(request, "Home", { name: "Ada" })));
 * ```
 */
export class AssertableInertia implements PromiseLike<Page> {
  readonly #response: Response | Promise<Response>;
  readonly #options: AssertInertiaOptions;
  readonly #checks: Check[] = [];

  /** Made by {@linkcode assertInertia}. */
  constructor(response: Response | Promise<Response>, options: AssertInertiaOptions) {
    this.#response = response;
    this.#options = options;
  }

  /** The page is of this component. */
  component(name: string): this {
    return this.#same("the component", (page) => page.component, name);
  }

  /** The page has this address. */
  url(url: string): this {
    return this.#same("the address", (page) => page.url, url);
  }

  /** The page is of this version of the assets. */
  version(version: string): this {
    return this.#same("the version", (page) => page.version, version);
  }

  /** There is a prop at a path, and if a number is given, with as many items. */
  has(path: string, count?: number): this {
    return this.#check((page) => {
      const value = at(page.props, path);
      if (value === undefined) throw failure(`the prop "${path}"`, "there", "missing");
      if (count !== undefined) expectSame(`the length of "${path}"`, lengthOf(value), count);
    });
  }

  /** There is no prop at a path. */
  missing(path: string): this {
    return this.#same(`the prop "${path}"`, (page) => at(page.props, path), undefined);
  }

  /** The prop at a path has a value, or one that a function finds right. */
  where(path: string, expected: unknown): this {
    return this.#check((page) => {
      const value = at(page.props, path);
      if (typeof expected !== "function") expectSame(`the prop "${path}"`, value, expected);
      else if (!expected(value)) {
        throw failure(`the prop "${path}"`, "right", JSON.stringify(value));
      }
    });
  }

  /** A value is told once: any, or this one. */
  hasFlash(key: string, expected?: unknown): this {
    return this.#check((page) => {
      const value = page.flash?.[key];
      if (value === undefined) throw failure(`the flash "${key}"`, "there", "missing");
      if (expected !== undefined) expectSame(`the flash "${key}"`, value, expected);
    });
  }

  /** A value is not told. */
  missingFlash(key: string): this {
    return this.#same(`the flash "${key}"`, (page) => page.flash?.[key], undefined);
  }

  /** There are errors of these fields; without fields, there are some. */
  hasErrors(...fields: readonly string[]): this {
    return this.#check((page) => {
      const seen = errorFields(page);
      if (seen.length === 0) throw failure('the prop "errors"', "there", "empty");
      for (const field of fields) {
        if (!seen.includes(field)) throw failure(`the error of "${field}"`, "there", "missing");
      }
    });
  }

  /** There are no errors. */
  hasNoErrors(): this {
    return this.#same("the list of errors", errorFields, []);
  }

  /** The page has this property, beside its props: `mergeProps`, `encryptHistory` … */
  pageHas<Key extends keyof Page>(key: Key, expected: Page[Key]): this {
    return this.#same(`the page's "${key}"`, (page) => page[key], expected);
  }

  /** Asserts what a partial reload of the page brings. */
  reload(options: ReloadOptions, assertions: PageAssertions): this {
    return this.#check(async (page) => {
      const { fetch, origin = "http://localhost" } = this.#options;
      if (fetch === undefined) {
        throw new TypeError(`Cannot reload "${page.url}": assertInertia got no fetch`);
      }
      const request = new Request(new URL(page.url, origin), {
        headers: reloadHeaders(page, options),
      });
      await assertions(
        assertInertia(await fetch(request), this.#options).component(page.component),
      );
    });
  }

  /** Asserts what the deferred props of a group bring, or those of all groups. */
  loadDeferredProps(assertions: PageAssertions, group?: string): this {
    return this.#check(async (page) => {
      const groups = page.deferredProps ?? {};
      const only = group === undefined ? Object.values(groups).flat() : groups[group] ?? [];
      if (only.length === 0) throw failure("the deferred props", "there", "missing");
      await new AssertableInertia(pageResponse(page), this.#options).reload({ only }, assertions);
    });
  }

  /** Runs the assertions: awaited, a chain needs no last word that somebody forgets. */
  then<Result = Page, Failure = never>(
    onPage?: ((page: Page) => Result | PromiseLike<Result>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#run().then(onPage, onError);
  }

  async #run(): Promise<Page> {
    const page = await readPage(await this.#response);
    for (const check of this.#checks) await check(page);
    return page;
  }

  #same(what: string, read: (page: Page) => unknown, expected: unknown): this {
    return this.#check((page) => expectSame(what, read(page), expected));
  }

  #check(check: Check): this {
    this.#checks.push(check);
    return this;
  }
}

function reloadHeaders(page: Page, { only, except, reset }: ReloadOptions): Headers {
  const headers = new Headers({ [NAMES.inertia]: "true", [NAMES.version]: page.version });
  headers.set(NAMES.partialComponent, page.component);
  // As the client does: what is reset is asked for.
  const wanted = [...only ?? [], ...reset ?? []];
  if (wanted.length > 0) headers.set(NAMES.partialOnly, wanted.join(","));
  if (except !== undefined) headers.set(NAMES.partialExcept, except.join(","));
  if (reset !== undefined) headers.set(NAMES.reset, reset.join(","));
  return headers;
}

function pageResponse(page: Page): Response {
  return Response.json(page, { headers: { [NAMES.inertia]: "true" } });
}

/** A path into the props; what objects inherit is not there. */
function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null && Object.hasOwn(node, key)
        ? (node as Record<string, unknown>)[key] // It has the key.
        : undefined,
    value,
  );
}

function errorFields({ props: { errors } }: Page): readonly string[] {
  return typeof errors === "object" && errors !== null ? Object.keys(errors) : [];
}

function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : undefined;
}

function expectSame(what: string, seen: unknown, expected: unknown): void {
  if (deepEqual(seen, expected)) return;
  throw failure(what, JSON.stringify(expected), JSON.stringify(seen));
}

function failure(what: string, expected: string | undefined, seen: string | undefined): Error {
  return new Error(`Cannot accept the page: ${what} is ${seen}, and not ${expected}`);
}
