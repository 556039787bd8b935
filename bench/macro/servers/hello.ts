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
