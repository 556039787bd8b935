/**
 * How a route table is served.
 *
 * @module
 */
import type { InvalidInput } from "./answers.ts";

/** Options of `serve`. */
export interface ServeOptions {
  /**
   * Answers a request that a schema refuses, in place of the 422; `undefined` leaves it to that.
   *
   * An Inertia visit wants to be sent back with the errors: `inertia.back(request, { errors })`.
   */
  readonly onInvalid?:
    | ((
      request: Request,
      invalid: InvalidInput,
    ) => Response | undefined | Promise<Response | undefined>)
    | undefined;
  /**
   * Told of what a handler throws. A response that it returns is sent in place of the bare 500.
   *
   * @default the console
   */
  readonly onError?:
    | ((error: unknown, request: Request) => unknown)
    | undefined;
  /** Shows what a handler gives for a route with a component, where that is not a response: a page of Inertia, say. */
  readonly render?:
    | ((request: Request, component: string, props: unknown) => Response | Promise<Response>)
    | undefined;
  /** Answers where no route has the path. @default a bare 404 */
  readonly notFound?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** The longest body, in bytes; a longer one gets 413. @default 10 MiB */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Whether what handlers give goes through the response schema: what it does not name is not sent, and what does not fit
   * is a 500. @default false
   */
  readonly checkResponses?: boolean | undefined;
}
