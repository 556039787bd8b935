/**
 * The server side of the protocol, wired.
 *
 * @module
 */
import { redirectStatus } from "./answer_rule.ts";
import { conflict } from "./conflict.ts";
import { cookieSession } from "./cookie_session.ts";
import { EXPIRED_MESSAGE, expiredAnswer, findForgery } from "./csrf.ts";
import { isSafeMethod } from "./csrf_rule.ts";
import { DEFAULT_BAG, type FieldErrors, fieldMessages } from "./errors.ts";
import { finishAnswer, previousUrl } from "./finish_answer.ts";
import { INERTIA_RESPONSE_HEADERS as NAMES } from "./headers.ts";
import type { FetchHandler, Inertia, Validated, ValidateOptions } from "./inertia_types.ts";
import type { InertiaOptions, RedirectOptions, RenderOptions } from "./options.ts";
import type { InertiaRedirect, UntypedPages } from "./page_types.ts";
import { precognitionAnswer } from "./precognition.ts";
import { openSession } from "./keep_state.ts";
import type { PropTrees } from "./prop_tree.ts";
import { andThen, type MaybePromise } from "./maybe_promise.ts";
import { InputError, readInput } from "./request_input.ts";
import { absoluteUrl, isSameOrigin, locationValue, originOf } from "./request_url.ts";
import { type PageOrder, renderPage } from "./render_page.ts";
import { isSource, resolveSettings, type Settings, versionText } from "./settings.ts";
import { createSsrGateway, type SsrGateway, type SsrSource } from "./ssr.ts";
import { SsrError } from "./ssr_error.ts";
import { rendererOf, ssrOverHttp } from "./ssr_http.ts";
import { hasKeyVariable } from "./session_keys.ts";
import type { Session } from "./user_session.ts";
import type { StandardSchema } from "./standard_schema.ts";
import { issuesToErrors } from "./validation.ts";
import type { Visit } from "./visit.ts";
import { Visits } from "./visits.ts";

/**
 * Creates the server side of Inertia's protocol.
 *
 * @example A page, and a form that goes back to it
 * ```ts
 * import { createInertia, defer, memorySession } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia({ version: "1", session: memorySession() });
 *
 * const app = (request: Request) =>
 *   inertia.handle(request, () =>
 *     request.method === "POST"
 *       ? inertia.redirect(request, "/users", { flash: { message: "Saved" } })
 *       : inertia.render(request, "Users/Index", {
 *         users: ["Ada", "Grace"],
 *         stats: defer(() => ({ total: 2 })),
 *       }));
 *
 * console.log(await (await app(new Request("http://localhost/users"))).text());
 * ```
 *
 * @typeParam Pages The props of each component; without it any component takes any props.
 * @typeParam Shared The props that every page has.
 * @param options The document, the version, the session, what is shared.
 * @returns The server side: `handle` around a handler, `render` and the rest within.
 * @throws {TypeError} If an option can't be used.
 */
export function createInertia<Pages = UntypedPages, Shared = Record<string, unknown>>(
  options: InertiaOptions<Shared> = {},
): Inertia<Pages> {
  // The types of shared props matter to the caller alone.
  const untyped = options as InertiaOptions;
  const settings = resolveSettings(untyped, {
    report: (error, { source, request, path }) =>
      console.error(
        `Inertia, ${source}${path ? ` "${path}"` : ""}, ${request.url}:`,
        // Where a page failed is in its message; our own stack says nothing about it.
        error instanceof SsrError && error.isOfPage ? error.message : error,
      ),
    now: Date.now,
    session: () => hasKeyVariable() ? cookieSession() : undefined,
  });
  // `Pages` narrows the parameters of `render`; at run time there is one of it.
  const ssr = openSsr(untyped, settings);
  return new InertiaServer({ ...settings, ssr }) as unknown as Inertia<Pages>;
}

function openSsr(
  { ssr = false, page }: InertiaOptions,
  { report, now }: Pick<Settings, "report" | "now">,
): SsrGateway | undefined {
  if (ssr === false) return undefined;
  const options = ssr === true ? {} : ssr;
  const source: SsrSource | undefined = isSource(page) ? page.ssr : undefined;
  const renderer = options.renderer ??
    (source === undefined ? ssrOverHttp() : rendererOf(source));
  return createSsrGateway({ ...options, renderer }, { report, now });
}

class InertiaServer implements Omit<Inertia<UntypedPages>, "render"> {
  readonly #settings: Settings;
  readonly #visits = new Visits();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  // Neither this nor `render` is async: a page that takes no time costs one promise, and nothing waits for it.
  handle(request: Request, handler: FetchHandler): Promise<Response> {
    try {
      return this.#handle(this.#visit(request), handler);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #handle(visit: Visit, handler: FetchHandler): Promise<Response> {
    const { request, isInertia } = visit.ask;
    // A second middleware around the same handler has nothing to add.
    if (visit.isHandled) return Promise.resolve(handler(request));
    visit.isHandled = true;
    const version = isInertia && request.method === "GET" ? this.#version(request) : undefined;
    if (version instanceof Promise || this.#isChecked(visit)) {
      return this.#handleLater(visit, handler, version);
    }
    const stale = version === undefined ? undefined : this.#staleAnswer(visit, version);
    return stale === undefined ? this.#finish(visit, handler(request)) : Promise.resolve(stale);
  }

  async #handleLater(
    visit: Visit,
    handler: FetchHandler,
    version: MaybePromise<string> | undefined,
  ): Promise<Response> {
    const known = await version;
    const stale = known === undefined ? undefined : this.#staleAnswer(visit, known);
    if (stale !== undefined) return stale;
    const refused = this.#isChecked(visit) ? await this.#refusal(visit) : undefined;
    return await this.#finish(visit, refused ?? handler(visit.ask.request));
  }

  #finish(visit: Visit, answer: MaybePromise<Response>): Promise<Response> {
    const { page, rendered } = visit;
    if (page === undefined || rendered === undefined || answer !== rendered) {
      return this.#finishLater(visit, answer);
    }
    const response = finishAnswer(this.#settings, visit, page);
    if (response !== page) return this.#end(visit, response);
    this.#visits.end(visit);
    return rendered;
  }

  async #finishLater(visit: Visit, answer: MaybePromise<Response>): Promise<Response> {
    return await this.#end(visit, finishAnswer(this.#settings, visit, await answer));
  }

  async #end(visit: Visit, answer: MaybePromise<Response>): Promise<Response> {
    const response = await answer;
    this.#visits.end(visit);
    return response;
  }

  render(
    request: Request,
    component: string,
    props: PropTrees = {},
    options: RenderOptions = {},
  ): Promise<Response> {
    try {
      const visit = this.#visit(request);
      const version = this.#version(request);
      const order = { component, props, options };
      const response = visit.isHandled && typeof version === "string"
        ? renderPage(this.#settings, visit, version, order)
        : this.#renderLater(visit, version, order);
      if (response instanceof Promise) return response;
      return visit.rendered = Promise.resolve(response);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #renderLater(
    visit: Visit,
    version: MaybePromise<string>,
    order: PageOrder,
  ): Promise<Response> {
    const known = await version;
    const stale = visit.isHandled ? undefined : this.#staleAnswer(visit, known);
    if (stale !== undefined) return stale;
    return await this.#answer(visit, await renderPage(this.#settings, visit, known, order));
  }

  async redirect(
    request: Request,
    url: string | URL,
    options: RedirectOptions = {},
  ): Promise<InertiaRedirect> {
    const visit = this.#visit(request);
    this.#say(visit, options);
    const headers = new Headers(options.headers);
    headers.set("location", this.#target(request, url, options.external));
    const status = options.status ?? redirectStatus(request.method);
    return await this.#answer(visit, new Response(null, { status, headers }));
  }

  async back(
    request: Request,
    { fallback = "/", ...options }: RedirectOptions & { readonly fallback?: string } = {},
  ): Promise<InertiaRedirect> {
    const url = await previousUrl(this.#settings, this.#visit(request), fallback);
    // The fallback is what the caller said; all else is ours.
    return await this.redirect(request, url, { ...options, external: true });
  }

  async location(
    request: Request,
    url: string | URL,
    { external }: { readonly external?: boolean | undefined } = {},
  ): Promise<InertiaRedirect> {
    const visit = this.#visit(request);
    const target = this.#target(request, url, external);
    return await this.#answer(
      visit,
      visit.ask.isInertia
        ? conflict(NAMES.location, target)
        : new Response(null, { status: 302, headers: { location: target } }),
    );
  }

  async session<Data extends object>(request: Request): Promise<Session<Data>> {
    // What is in it was put there by this app, under these names.
    return await openSession(this.#settings, this.#visit(request)) as unknown as Session<Data>;
  }

  async csrfToken(request: Request): Promise<string> {
    return (await this.session(request)).token();
  }

  async verifyCsrf(request: Request): Promise<Response | undefined> {
    const visit = this.#visit(request);
    const refused = this.#isChecked(visit) ? await this.#refusal(visit) : undefined;
    return refused === undefined ? undefined : await this.#answer(visit, refused);
  }

  share(request: Request, props: PropTrees): void {
    this.#visit(request).shared.push(props);
  }

  flash(request: Request, values: Readonly<Record<string, unknown>>): void {
    this.#visit(request).say({ flash: values });
  }

  errors(request: Request, errors: FieldErrors, bag: string = DEFAULT_BAG): void {
    this.#visit(request).say({ errors: { [bag]: fieldMessages(errors) } });
  }

  disableSsr(request: Request, disable = true): void {
    this.#visit(request).isSsrDisabled = disable;
  }

  encryptHistory(request: Request, encrypt = true): void {
    this.#visit(request).encryptHistory = encrypt;
  }

  clearHistory(request: Request): void {
    this.#visit(request).say({ clearHistory: true });
  }

  preserveFragment(request: Request): void {
    this.#visit(request).say({ preserveFragment: true });
  }

  async validate<Output>(
    request: Request,
    schema: StandardSchema<unknown, Output>,
    options: ValidateOptions = {},
  ): Promise<Validated<Output>> {
    const { ask } = this.#visit(request);
    let input: unknown;
    try {
      input = "input" in options ? options.input : await readInput(request);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { ok: false, errors: {}, response: new Response("Bad Request", { status: 400 }) };
    }
    const result = await schema["~standard"].validate(input);
    const errors = issuesToErrors(result.issues ?? []);
    if (ask.isPrecognition) {
      return { ok: false, errors, response: precognitionAnswer(errors, ask.validateOnly) };
    }
    if (result.issues === undefined) return { ok: true, value: result.value };
    const { errorBag } = options;
    return { ok: false, errors, response: await this.back(request, { errors, errorBag }) };
  }

  validated<Output>(
    schema: StandardSchema<unknown, Output>,
    handler: (request: Request, value: Output) => Response | Promise<Response>,
    options: Omit<ValidateOptions, "input"> = {},
  ): (request: Request) => Promise<Response> {
    return (request) =>
      this.handle(request, async () => {
        const form = await this.validate(request, schema, options);
        return form.ok ? await handler(request, form.value) : form.response;
      });
  }

  #isChecked({ ask: { request } }: Visit): boolean {
    return this.#settings.csrf !== undefined && !isSafeMethod(request.method);
  }

  /** Another site learns nothing. Who was away for long goes on where he was, with a token that works. */
  async #refusal(visit: Visit): Promise<Response | undefined> {
    const forgery = await findForgery(this.#settings, visit);
    if (forgery === undefined) return undefined;
    const { ask: { request, isInertia } } = visit;
    const { expired } = this.#settings.csrf ?? {};
    if (forgery === "token" && expired !== undefined) return await expired(request);
    return forgery === "token" && isInertia
      ? await this.back(request, { flash: { message: EXPIRED_MESSAGE } })
      : expiredAnswer();
  }

  #visit(request: Request): Visit {
    return this.#visits.of(request);
  }

  /** Without the middleware each answer is its own last word. */
  async #answer(visit: Visit, response: Response): Promise<InertiaRedirect> {
    return visit.isHandled ? response : await finishAnswer(this.#settings, visit, response);
  }

  #version(request: Request): MaybePromise<string> {
    const { version } = this.#settings;
    return typeof version === "string" ? version : andThen(version(request), versionText);
  }

  /** A client with other assets loads the document anew. What waits for its next page goes on waiting. */
  #staleAnswer({ ask }: Visit, version: string): Response | undefined {
    if (!ask.isInertia || ask.request.method !== "GET" || ask.version === version) return undefined;
    const url = locationValue(absoluteUrl(ask.request, this.#settings));
    return conflict(NAMES.location, url, { [NAMES.version]: version });
  }

  #say(visit: Visit, options: RedirectOptions): void {
    const { flash, clearHistory, preserveFragment, errors, errorBag = DEFAULT_BAG } = options;
    const bags = errors === undefined ? undefined : { [errorBag]: fieldMessages(errors) };
    visit.say({ flash, clearHistory, preserveFragment, errors: bags });
  }

  /** `//evil` looks like a path, and who passes on what a user typed believes it is one. */
  #target(request: Request, url: string | URL, external = false): string {
    const target = locationValue(url);
    const origin = originOf(request, this.#settings);
    const protocol = URL.parse(target, `${origin}/`)?.protocol;
    if (protocol !== "http:" && protocol !== "https:") {
      throw new TypeError(
        `Cannot go to "${target}" as a location: it is no address of http or https`,
      );
    }
    if (external || isSameOrigin(target, origin)) return target;
    throw new TypeError(
      `Cannot go to "${target}" as a location: it is not at ${origin}, and external is not set`,
    );
  }
}
