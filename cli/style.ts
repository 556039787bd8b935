/**
 * Colours for people at a terminal.
 *
 * @module
 */

/** Ways to write a text. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** What says whether colours are wanted. */
export interface StyleFacts {
  /** Whether the stream is a terminal. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether colours are wanted: at a terminal, unless `NO_COLOR` is there or the terminal is a dumb one. `FORCE_COLOR`
 * stands in for a terminal.
 */
export function wantsColor({ isTerminal, env }: StyleFacts): boolean {
  // Both by https://no-color.org and https://force-color.org: empty is as good as not set.
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}

/** Makes a style; without colours each of its functions returns its argument. */
export function createStyle(isColored: boolean): Style {
  const sgr = (on: number, off: number) => (text: string): string =>
    isColored ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    red: sgr(31, 39),
    green: sgr(32, 39),
    yellow: sgr(33, 39),
    cyan: sgr(36, 39),
  };
}
