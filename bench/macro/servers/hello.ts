/**
 * The app of the in-process rows.
 *
 * @module
 */

/** A handler that costs next to nothing, so that what is around it shows. */
export function hello(): Response {
  return Response.json({ hello: "world" });
}
