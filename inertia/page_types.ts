/**
 * Types of pages: what the server gives, what the client gets, and one from the other.
 *
 * @module
 */
import type { Pagination, Paginator } from "./pagination.ts";
import type { Prop, PropFunction } from "./prop.ts";

/** Stands for pages that nobody described: any component, any props. */
export interface UntypedPages {
  /** For the type checker alone. */
  readonly "~untyped": true;
}

/** A response that holds a page, as far as the type checker knows. */
export interface InertiaResponse<Name extends string = string, Props = unknown> extends Response {
  /** For the type checker alone: there is no such property. */
  readonly "~page"?: PageOf<Name, Props>;
}

/**
 * A response without a page: a redirect, a refusal.
 *
 * Told apart, or a handler that gives this or a page would give a `Response`, and {@linkcode PagesOf} would miss the page.
 */
export interface InertiaRedirect extends Response {
  /** For the type checker alone: there is no such property. */
  readonly "~page"?: never;
}

/** What stands for a value that the client gets as `T`: itself, parts of it that are computed, or what turns into it. */
export type PropValue<T> =
  | T
  | { toJSON(): T }
  | (T extends readonly (infer Item)[] ? readonly PropValue<Item>[] | Pagination<PropValue<Item>>
    : T extends object ? PropsInput<T>
    : never);

/** What stands for a prop that each answer has. */
export type SentInput<T> =
  | PropValue<T>
  | Promise<PropValue<T>>
  | Prop<PropValue<T>, "sent">
  | PropFunction<PropValue<T> | Prop<PropValue<T>, "sent">>;

/** What stands for a prop that an answer may lack. */
export type MaybeInput<T> =
  | PropValue<T>
  | Promise<PropValue<T>>
  | Prop<PropValue<T>>
  | PropFunction<PropValue<T> | Prop<PropValue<T>>>;

/**
 * What the server gives for the props `Props` of the client.
 *
 * A deferred or optional prop stands only for one that the client knows may be missing: `stats?: Stats`.
 */
export type PropsInput<Props> = {
  readonly [Key in keyof Props]: Record<never, never> extends Pick<Props, Key>
    ? MaybeInput<Exclude<Props[Key], undefined>>
    : SentInput<Props[Key]>;
};

/** What the client gets for the props that a server gives. What may be missing is optional. */
export type ClientProps<Input> =
  & {
    readonly [Key in keyof Input as MayBeMissing<Input[Key]> extends true ? never : Key]:
      ClientValue<Input[Key]>;
  }
  & {
    readonly [Key in keyof Input as MayBeMissing<Input[Key]> extends true ? Key : never]?:
      ClientValue<Input[Key]>;
  };

/** What the client gets for a value: computed, and as JSON has it. */
export type ClientValue<Value> = Value extends Prop<infer T> ? ClientValue<T>
  : Value extends (...parameters: never) => infer Result ? ClientValue<Awaited<Result>>
  : Value extends Promise<infer T> ? ClientValue<T>
  : Value extends Paginator<infer Item> ? ReturnType<Paginator<ClientValue<Item>>["toJSON"]>
  : Value extends { toJSON(): infer Json } ? ClientValue<Json>
  : Value extends Pagination<infer Item> ? readonly ClientValue<Item>[]
  : Value extends readonly (infer Item)[] ? readonly ClientValue<Item>[]
  : Value extends object ? ClientProps<Value>
  : Value;

/** Whether a value is a deferred or optional prop, may be undefined, or is a function that may give one of these. */
export type MayBeMissing<Value> = true extends (
  Value extends Prop<infer _, infer P> ? "maybe" extends P ? true : false
    : Value extends (...parameters: never) => infer Result ? MayBeMissing<Awaited<Result>>
    : Value extends undefined ? true
    : false
) ? true
  : false;

/**
 * The pages that handlers render: a record of handlers, or of records of them, gives a record of components and their
 * props.
 *
 * @example Usage
 * ```ts
 * import { createInertia, defer, type PagesOf } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const routes = {
 *   home: (request: Request) =>
 *     inertia.render(request, "Home", { name: "Ada", stats: defer(() => ({ total: 3 })) }),
 * };
 * type Pages = PagesOf<typeof routes>;
 *
 * const home: Pages["Home"] = { name: "Ada" };
 * console.log(home.stats?.total);
 * ```
 */
export type PagesOf<Routes> = {
  readonly [Name in ComponentOf<PageIn<Routes>>]: PropsOf<PageIn<Routes>, Name>;
};

/** A component and its props. */
export interface PageOf<Name extends string = string, Props = unknown> {
  /** The name of the component. */
  readonly component: Name;
  /** Its props, as the client gets them. */
  readonly props: Props;
}

/** The components of pages. */
export type ComponentOf<Shown> = Shown extends PageOf<infer Name> ? Name : never;

/** The props of a component among pages. */
export type PropsOf<Shown, Name> = Shown extends PageOf<infer Own, infer Props>
  ? Own extends Name ? Props : never
  : never;

/** The pages that a handler renders, or those in a record of handlers. */
export type PageIn<Route> = Route extends (...parameters: never) => infer Result
  ? PageOfResponse<Awaited<Result>>
  : Route extends object ? { [Key in keyof Route]: PageIn<Route[Key]> }[keyof Route]
  : never;

/** The page in a response; a redirect has none. */
export type PageOfResponse<Answer> = Answer extends Response
  ? "~page" extends keyof Answer ? Exclude<Answer["~page"], undefined> : never
  : never;

/** All props of a page as its component gets them: its own, the shared ones, and `errors`. */
export type PageProps<Pages, Name extends keyof Pages, Shared = Record<never, never>> =
  & Omit<Shared, keyof Pages[Name]>
  & Pages[Name]
  & { readonly errors: Readonly<Record<string, string>> };
