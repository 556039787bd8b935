/**
 * What a route table is written as.
 *
 * @module
 */
import type { StandardSchema } from "../inertia/standard_schema.ts";
import type { CheckedPath, JoinedPath } from "./path_types.ts";

/** A validator of any library that follows Standard Schema: zod, valibot, arktype. */
export type RouteSchema = StandardSchema<unknown, unknown>;

/** A method of a route. `HEAD` and `OPTIONS` are answered without being named. */
export type RouteMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** How a body may come: as JSON, or as a form of either kind. */
export type BodyType = "json" | "form" | "multipart";

/** One route of a table. */
export interface RouteEntry {
  /** With parameters as Litestar writes them: `/users/{id:int}`. */
  readonly path: string;
  /** The method. @default "GET" */
  readonly method?: RouteMethod | undefined;
  /** Several methods; the first is the one that callers mean. */
  readonly methods?: readonly RouteMethod[] | undefined;
  /** Checks the parameters of the path after their converters. */
  readonly params?: RouteSchema | undefined;
  /** Checks the query. */
  readonly query?: RouteSchema | undefined;
  /** Checks the body. */
  readonly body?: RouteSchema | undefined;
  /** How the body may come; anything else is refused with 415. @default all */
  readonly bodyTypes?: readonly BodyType[] | undefined;
  /** What is sent. */
  readonly response?: RouteSchema | undefined;
  /** The status of what is sent. @default 200 */
  readonly status?: number | undefined;
  /** The Inertia component that shows it. */
  readonly component?: string | undefined;
  /** One line for documents and editors. */
  readonly summary?: string | undefined;
  /** More lines. */
  readonly description?: string | undefined;
  /** Groups for documents. */
  readonly tags?: readonly string[] | undefined;
  /** Whether callers should stop using it. */
  readonly deprecated?: boolean | undefined;
}

/** Routes that have the beginning of their paths and names in common. */
export interface RouteGroup {
  /** Stands before the paths. @default "" */
  readonly prefix?: string | undefined;
  /** Before those of each route. */
  readonly tags?: readonly string[] | undefined;
  /** Whether callers should stop using all of them. */
  readonly deprecated?: boolean | undefined;
  /** The routes; `show` in the group `users` is called `users.show`. */
  readonly routes: RouteEntries;
}

/** Routes and groups by name. */
export interface RouteEntries {
  /** A route or a group. */
  readonly [name: string]: RouteEntry | RouteGroup;
}

/** Routes by their whole names, with their whole paths. */
export interface RouteMap {
  /** A route. */
  readonly [name: string]: RouteEntry;
}

/** Entries in which each mistake that the type checker can see is an error at its place. */
export type CheckedEntries<Entries, ComponentKey extends string> = {
  readonly [Name in keyof Entries]: Entries[Name] extends { readonly routes: infer Inner }
    ? { readonly routes: CheckedEntries<Inner, ComponentKey> } & CheckedPrefix<Entries[Name]>
    : Entries[Name] extends { readonly path: infer Path extends string } ?
        & { readonly path: CheckedPath<Path> }
        & NoOther<Entries[Name], keyof RouteEntry | ComponentKey>
    : unknown;
};

/** A group with a prefix that is a path, and no other fields. */
export type CheckedPrefix<Group> =
  & NoOther<Group, keyof RouteGroup>
  & (Group extends { readonly prefix: infer Prefix extends string }
    ? { readonly prefix: CheckedPath<Prefix> }
    : unknown);

/** A misspelt `respnose` would else pass: of what is inferred, the type checker takes any key. */
export type NoOther<Entry, Known extends PropertyKey> = Exclude<keyof Entry, Known> extends never
  ? unknown
  : { readonly [Key in Exclude<keyof Entry, Known>]: never };

/** Entries without groups: each route by its whole name. */
export type FlatRoutes<Entries> = Entries[keyof Entries] extends { readonly path: string } ? Entries
  : string extends keyof Entries ? RouteMap
  : { readonly [Name in FlatName<Entries>]: EntryAt<Entries, Name, ""> };

/** The whole names. */
export type FlatName<Entries> = {
  [Name in keyof Entries & string]: Entries[Name] extends { readonly routes: infer Inner }
    ? `${Name}.${FlatName<Inner>}`
    : Name;
}[keyof Entries & string];

/** The entry of a whole name, with its whole path. */
export type EntryAt<Entries, Name extends string, Prefix extends string> = Name extends
  keyof Entries
  ? Entries[Name] extends { readonly path: infer Path extends string }
    ? Prefix extends "" ? Entries[Name]
    : Omit<Entries[Name], "path"> & { readonly path: JoinedPath<Prefix, Path> }
  : never
  : Name extends `${infer Group}.${infer Rest}`
    ? Group extends keyof Entries
      ? EntryAt<InnerOf<Entries[Group]>, Rest, `${Prefix}${PrefixOf<Entries[Group]>}`>
    : never
  : never;

/** What is in a group. */
export type InnerOf<Group> = Group extends { readonly routes: infer Inner } ? Inner : never;
/** What stands before the paths of a group. */
export type PrefixOf<Group> = Group extends { readonly prefix: infer Prefix extends string }
  ? Prefix
  : "";
