/**
 * A route as the rest of the room reads it: whole name, whole path, defaults filled in.
 *
 * @module
 */
import type { RoutePath } from "./route_path.ts";
import type { BodyType, RouteMethod, RouteSchema } from "./route_types.ts";

/** One route of a table. */
export interface DefinedRoute {
  readonly name: string;
  /** Its place among the routes of its table. */
  readonly index: number;
  readonly path: RoutePath;
  /** At least one; the first is the one that callers mean. */
  readonly methods: readonly RouteMethod[];
  readonly params: RouteSchema | undefined;
  readonly query: RouteSchema | undefined;
  readonly body: RouteSchema | undefined;
  readonly bodyTypes: readonly BodyType[];
  readonly response: RouteSchema | undefined;
  readonly status: number;
  readonly component: string | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly isDeprecated: boolean;
}
