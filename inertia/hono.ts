/**
 * The middleware for Hono.
 *
 * @module
 */
import type { Inertia } from "./inertia_types.ts";

/** What of Hono's context is needed; Hono itself is not imported. */
export interface HonoContext {
  /** The request. */
  readonly req: {
    /** As the runtime gave it. */
    readonly raw: Request;
  };
  /** The answer. */
  res: Response;
}

/**
 * Makes a middleware of Hono's. It is the first one: what answers before it does not follow the protocol.
 *
 * @example Usage
 * ```ts
 * import { createInertia, honoInertia } from "@lv/sidecar/inertia";
 * import { Hono } from "hono";
 *
 * const inertia = createInertia();
 * const app = new Hono();
 * app.use(honoInertia(inertia));
 * app.get("/", (c) => inertia.render(c.req.raw, "Home", { name: "Ada" }));
 *
 * console.log((await app.request("/")).status);
 * ```
 *
 * @param inertia What `createInertia` gives.
 * @returns The middleware.
 */
export function honoInertia(
  inertia: Pick<Inertia, "handle">,
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  return async (context, next) => {
    let answer: Response | undefined;
    const response = await inertia.handle(context.req.raw, async () => {
      await next();
      return answer = context.res;
    });
    // The handlers did not run.
    if (answer === undefined) return response;
    if (answer !== response) {
      // Else Hono adds the fields of the old answer to the new one, `Location` among them.
      (context as { res: Response | undefined }).res = undefined; // Hono's setter takes it.
      context.res = response;
    }
    return undefined;
  };
}
