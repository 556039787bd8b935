/**
 * Typed routes: generating them, checking and completing calls, their size, and their URLs.
 *
 * @module
 */
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { measureCheck } from "./typed_check.ts";
import { measureCompletion } from "./typed_completion.ts";
import { measureGenerate } from "./typed_generate.ts";
import { measureSize } from "./typed_size.ts";
import { measureUrls } from "./typed_urls.ts";

/** All of them, one after the other. */
export async function measureTyped(plan: Plan): Promise<Row[]> {
  return [
    ...measureGenerate(plan),
    ...await measureCheck(plan),
    ...await measureCompletion(plan),
    ...await measureSize(),
    ...await measureUrls(plan),
  ];
}
