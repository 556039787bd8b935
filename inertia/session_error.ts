/**
 * What is thrown where a session is needed and can't be had.
 *
 * @module
 */

/**
 * Thrown by whatever uses a session whose store failed; the cause is the store's own error, and was reported.
 *
 * @example Usage
 * ```ts
 * import { createInertia, serveInertia, SessionError } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * serveInertia(inertia, (request) => inertia.render(request, "Home"), {
 *   onError: (error) =>
 *     new Response(null, { status: error instanceof SessionError ? 503 : 500 }),
 * });
 * ```
 */
export class SessionError extends Error {
  /** The name of the class. */
  override readonly name = "SessionError";
}
