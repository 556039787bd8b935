/**
 * The server side of the protocol, as its users see it.
 *
 * @module
 */
import type { FieldErrors, FieldMessages } from "./errors.ts";
import type { BackOptions, LocationOptions, RedirectOptions, RenderOptions } from "./options.ts";
import type {
  ClientProps,
  InertiaRedirect,
  InertiaResponse,
  PropsInput,
  UntypedPages,
} from "./page_types.ts";
import type { PropProvider } from "./prop_provider.ts";
import type { PropTrees } from "./prop_tree.ts";
import type { FlashData } from "./session.ts";
import type { StandardSchema } from "./standard_schema.ts";
import type { Session } from "./user_session.ts";

/** What answers a request. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Options of `validate` and `validated`. */
export interface ValidateOptions {
  /** The name of the form that the errors belong to. @default the one that the client knows it by */
  readonly errorBag?: string | undefined;
  /** What is validated. @default the body; the query of a GET */
  readonly input?: unknown;
}

/** What a validation gives: the value, or the answer that tells what is wrong. */
export type Validated<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly errors: FieldMessages; readonly response: InertiaRedirect };

/** Renders any component with any props, and remembers both for the type checker. */
export interface RenderUntyped {
  /** See {@linkcode Inertia.render}. */
  <const Name extends string, Props extends object = Record<never, never>>(
    request: Request,
    component: Name,
    props?: Props | PropProvider | readonly (Props | PropProvider)[],
    options?: RenderOptions,
  ): Promise<InertiaResponse<Name, ClientProps<Props>>>;
}

/** Renders the components of `Pages`, each with its props. */
export interface RenderTyped<Pages> {
  /** See {@linkcode Inertia.render}. */
  <Name extends keyof Pages & string>(
    request: Request,
    component: Name,
    ...rest: RenderArguments<Pages[Name]>
  ): Promise<InertiaResponse<Name, Pages[Name]>>;
}

/** Props, which may be left out where all of them may, and options. */
export type RenderArguments<Props> = Record<never, never> extends PropsInput<Props>
  ? [props?: PropsInput<Props>, options?: RenderOptions]
  : [props: PropsInput<Props>, options?: RenderOptions];

/** The server side of the protocol. */
export interface Inertia<Pages = UntypedPages> {
  /**
   * The middleware: runs a handler, and has the last word about its answer. A client with other assets is sent away
   * before the handler runs.
   *
   * It is the outermost one: a redirect that is made outside of it does not follow the protocol.
   *
   * @param request The request.
   * @param handler What answers it.
   * @returns The answer.
   */
  handle(request: Request, handler: FetchHandler): Promise<Response>;

  /**
   * Renders a page: JSON for the client, a document for a browser.
   *
   * @param request The request.
   * @param component The name of the component.
   * @param props Its props: values, functions, or props of any kind, at any depth.
   * @param options Status and fields of the response, flash, history.
   * @returns The response.
   * @throws What a prop's function throws, and TypeError if a prop has no JSON.
   */
  readonly render: [Pages] extends [UntypedPages] ? RenderUntyped : RenderTyped<Pages>;

  /**
   * Sends the client to another page, with 303 where a 302 would repeat the method.
   *
   * @param request The request.
   * @param url Where: an address of this origin, unless `external` is set.
   * @param options Flash and errors for the next page.
   * @returns The response.
   * @throws {TypeError} If the address is another origin's, or none.
   */
  redirect(
    request: Request,
    url: string | URL,
    options?: RedirectOptions,
  ): Promise<InertiaRedirect>;

  /**
   * Sends the client back to where it came from, if that is here.
   *
   * @param request The request.
   * @param options Flash and errors for the next page, and where to go if nobody knows.
   * @returns The response.
   */
  back(request: Request, options?: BackOptions): Promise<InertiaRedirect>;

  /**
   * Sends the client to an address with a new document: another site, or a page that is none of ours.
   *
   * @param request The request.
   * @param url Where: an address of this origin, unless `external` is set.
   * @param options Whether it may be another origin's.
   * @returns The response.
   * @throws {TypeError} If the address is another origin's, or none.
   */
  location(
    request: Request,
    url: string | URL,
    options?: LocationOptions,
  ): Promise<InertiaRedirect>;

  /**
   * Opens what the app keeps about the visitor. What it changes is kept when the answer is ready, so it is called within
   * `handle`, or before `render` or `redirect`.
   *
   * @param request The request.
   * @returns The session.
   * @throws {TypeError} If `createInertia` was given none.
   * @throws {SessionError} If what keeps it failed.
   */
  session<Data extends object = Record<string, unknown>>(request: Request): Promise<Session<Data>>;

  /**
   * Gives the token of the visitor's forms, for a field `_token` or a `<meta>`. The client needs neither: it has the
   * cookie `XSRF-TOKEN`.
   *
   * @param request The request.
   * @returns The token.
   */
  csrfToken(request: Request): Promise<string>;

  /**
   * Refuses a request that another site made, or that has not the token of its session. `handle` does so by itself.
   *
   * @param request The request; the form in it is still there for the handler.
   * @returns The answer; undefined if the request may go on.
   */
  verifyCsrf(request: Request): Promise<Response | undefined>;

  /**
   * Adds props to every page that answers this request.
   *
   * @param request The request.
   * @param props The props; they win over those of `createInertia`.
   */
  share(request: Request, props: PropTrees): void;

  /**
   * Tells values once: by the page that answers this request, or the next one after a redirect.
   *
   * @param request The request.
   * @param values The values, by name.
   */
  flash(request: Request, values: FlashData): void;

  /**
   * Shows errors: on the page that answers this request, or the next one after a redirect.
   *
   * @param request The request.
   * @param errors A message or several, by field.
   * @param bag The name of the form, if it has one.
   */
  errors(request: Request, errors: FieldErrors, bag?: string): void;

  /**
   * Leaves the page that answers this request to the browser, or not: for a group of routes.
   *
   * @param request The request.
   * @param disable Whether. @default true
   */
  disableSsr(request: Request, disable?: boolean): void;

  /**
   * Has the browser encrypt the page in its history, or not: for a group of routes.
   *
   * @param request The request.
   * @param encrypt Whether. @default true
   */
  encryptHistory(request: Request, encrypt?: boolean): void;

  /**
   * Has the browser forget the key of what it encrypted: at the next page, be it after redirects.
   *
   * @param request The request.
   */
  clearHistory(request: Request): void;

  /**
   * Keeps the fragment that was asked for at the next page, be it after redirects.
   *
   * @param request The request.
   */
  preserveFragment(request: Request): void;

  /**
   * Validates what a request brings. If something is wrong, or only a validation was asked for, there is an answer.
   *
   * @example Usage
   * ```ts ignore
   * const form = await inertia.validate(request, z.object({ email: z.email() }));
   * if (!form.ok) return form.response;
   * await subscribe(form.value.email);
   * ```
   *
   * @param request The request; its body is consumed.
   * @param schema A validator of any library that has the standard interface.
   * @param options The name of the form.
   * @returns The value, or the answer.
   */
  validate<Output>(
    request: Request,
    schema: StandardSchema<unknown, Output>,
    options?: ValidateOptions,
  ): Promise<Validated<Output>>;

  /**
   * A handler that runs when what the request brings is valid, and never for a validation ahead of the submit.
   *
   * @param schema A validator.
   * @param handler What answers the request with the value.
   * @param options The name of the form.
   * @returns The handler, with the middleware around it.
   */
  validated<Output>(
    schema: StandardSchema<unknown, Output>,
    handler: (request: Request, value: Output) => Response | Promise<Response>,
    options?: Omit<ValidateOptions, "input">,
  ): (request: Request) => Promise<Response>;
}
