/**
 * Files that templates have in common.
 *
 * @module
 */
import indexHtml from "./templates/shared/index.html" with { type: "text" };
import style from "./templates/shared/style.css" with { type: "text" };
import styleTailwind from "./templates/shared/style_tailwind.css" with { type: "text" };
import { scriptPath } from "./script_path.ts";
import type { Answers } from "./template.ts";

/** The page of the front end, which loads a module. */
export function page(main: string, { typescript }: Answers): string {
  return indexHtml.replace("__MAIN__", () => typescript ? main : scriptPath(main));
}

/** The styles. */
export function styleOf({ tailwind }: Answers): string {
  return tailwind ? styleTailwind : style;
}
