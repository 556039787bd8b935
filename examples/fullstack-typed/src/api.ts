// One function for all of the API. Names, methods, parameters, bodies and answers are those of the server's table.
import { route, type RouteArgs, type RouteMethods, type RouteName } from "./generated/routes.ts";
import type { RouteBody, RouteResponse } from "./generated/route-types.ts";

export type NewBook = RouteBody<"books.store">;
export type BookList = RouteResponse<"books.index">;
export type Book = BookList["books"][number];
export type Shelf = Book["shelf"];

/** Messages by field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** The server says that something sent to it is wrong. */
export class Refused extends Error {
  constructor(readonly errors: FieldErrors) {
    super("The server does not take it");
  }
}

export async function call<Name extends RouteName>(
  method: RouteMethods[Name],
  name: Name,
  body: RouteBody<Name>,
  ...args: RouteArgs<Name>
): Promise<RouteResponse<Name>> {
  const response = await fetch(route(name, ...args), {
    method,
    ...body === undefined ? {} : {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    },
  });
  if (response.status === 422) {
    throw new Refused((await response.json()).errors);
  }
  if (!response.ok) {
    throw new Error(`The server says ${response.status} to ${name}`);
  }
  // A 204 has no body.
  const answer = response.status === 204 ? undefined : await response.json();
  return answer;
}
