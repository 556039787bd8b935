/**
 * The app of the in-process rows.
 *
 * @module
 */

/**
 * A handler that does the least that any app does: it looks at the path and answers.
 *
 * It takes its request, because Deno makes none for a handler that declares no parameter.
 */
export function hello(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === "/api/hello") return Response.json({ hello: "world" });
  return Response.json({ error: `There is nothing at ${pathname}` }, { status: 404 });
}

/** The same for a server that looks at the two fields without which no request can be let in or routed. */
export function helloAfterLook(request: Request): Response {
  const { headers } = request;
  if (headers.get("host") === null || headers.get("upgrade") !== null) {
    return new Response(null, { status: 400 });
  }
  return hello(request);
}
