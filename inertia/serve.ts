/**
 * The middleware for `Deno.serve`, `Bun.serve` and whatever else takes a fetch handler.
 *
 * @module
 */
import type { FetchHandler, Inertia } from "./inertia_types.ts";

/** Options of {@linkcode serveInertia}. */
export interface ServeInertiaOptions {
  /** Answers when a handler throws: a page, say. @default a bare 500, and the error on the console */
  readonly onError?:
    | ((error: unknown, request: Request) => Response | Promise<Response>)
    | undefined;
}

/**
 * Makes a fetch handler of one: with the middleware around it, and an answer if it throws.
 *
 * @example Usage
 * ```ts
 * import { createInertia, serveInertia } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const fetch = serveInertia(inertia, (request) => inertia.render(request, "Home"));
 *
 * // Deno.serve(fetch), Bun.serve({ fetch })
 * console.log((await fetch(new Request("http://localhost/"))).status);
 * ```
 *
 * @param inertia What `createInertia` gives.
 * @param handler What answers requests.
 * @param options What answers if it throws.
 * @returns The fetch handler.
 */
export function serveInertia(
  inertia: Pick<Inertia, "handle">,
  handler: FetchHandler,
  { onError = bareError }: ServeInertiaOptions = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await inertia.handle(request, async (request) => {
        try {
          return await handler(request);
        } catch (error) {
          return await onError(error, request);
        }
      });
    } catch (error) {
      // Neither the session nor `onError` itself can be helped by a page.
      return bareError(error, request);
    }
  };
}

/** Who looks at the browser learns nothing; who looks at the console, all. */
function bareError(error: unknown, request: Request): Response {
  console.error(`Cannot answer ${request.method} ${request.url}:`, error);
  return new Response("Internal Server Error", { status: 500 });
}
