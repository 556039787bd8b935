/**
 * What a build that worked may still surprise somebody with.
 *
 * @module
 */
import type { BuiltTarget } from "../sidecar/build_protocol.ts";

/**
 * Warns of code that reads the base where development has another one: a router that takes it for the path of the app
 * finds no page below it.
 *
 * @param assetUrl What the user told us of it.
 */
export function adviceOnBase(built: BuiltTarget, assetUrl: string | undefined): string[] {
  const { base, said, usesBase, isPageless } = built;
  const [first] = usesBase;
  if (first === undefined || isPageless || base === null) return [];
  if (assetUrl !== undefined || said.base !== undefined || base === "/") return [];
  return [
    `"${first}" reads import.meta.env.BASE_URL, which is "/" in development and "${base}" in this build: ` +
    `write "/" there if it means the app, or set assetUrl to "/"`,
  ];
}
