/**
 * Answers that make no sense together.
 *
 * @module
 */
import type { Answers } from "./template.ts";

/** What a template says whose pages ask for no data of their own. */
export function apiRefusals(name: string, { sdk, zod }: Answers): readonly string[] {
  const wrong = [...(sdk ? ["--sdk"] : []), ...(zod ? ["--zod"] : [])];
  return wrong.map((flag) =>
    `Cannot use "${flag}" with the template "${name}": its pages ask no JSON API, ` +
    "react, vue, svelte, solid and vanilla do"
  );
}
