/**
 * How an answer is put into the page: the value of `HX-Reswap` and of the `swap` of `HX-Location`.
 *
 * @module
 */
import type { HtmxVersion } from "./headers.ts";
import { checkText, refusal, renderSelector, renderToken } from "./header_value.ts";

/** Styles that htmx 2 and 4 have in common. */
export type HtmxCommonSwapStyle =
  | "innerHTML"
  | "outerHTML"
  | "textContent"
  | "beforebegin"
  | "afterbegin"
  | "beforeend"
  | "afterend"
  | "delete"
  | "none";

/** Styles of htmx 4, with those of its extensions `hx-download` and `hx-upsert`. */
export type Htmx4SwapStyle = "outerSync" | "innerMorph" | "outerMorph" | "download" | "upsert";

/** Styles of htmx 2's extensions: of idiomorph, and of `alpine-morph` and `morphdom-swap`. */
export type Htmx2SwapStyle = "morph" | "morph:innerHTML" | "morph:outerHTML" | "morphdom";

/** htmx 4's other words for four of the common styles; what is sent are the common ones, so htmx 2 reads them too. */
export type HtmxSwapAlias = "before" | "prepend" | "append" | "after";

/** How an answer is put in. */
export type HtmxSwapStyle = HtmxCommonSwapStyle | Htmx4SwapStyle | Htmx2SwapStyle | HtmxSwapAlias;

/** A span of time: milliseconds, or a number with its unit. */
export type HtmxDelay = number | `${number}ms` | `${number}s` | `${number}m`;

/** A style and how it is carried out; without `style`, the page's own default. */
export interface HtmxSwapOptions {
  /** How the answer is put in. */
  readonly style?: HtmxSwapStyle | undefined;
  /** How long to wait before. */
  readonly swap?: HtmxDelay | undefined;
  /** How long to wait between it and the settling. */
  readonly settle?: HtmxDelay | undefined;
  /** Whether the View Transitions of the browser show it. */
  readonly transition?: boolean | undefined;
  /** Whether a `<title>` in the answer is ignored. */
  readonly ignoreTitle?: boolean | undefined;
  /** Whether the focused element is scrolled into view. */
  readonly focusScroll?: boolean | undefined;
  /** Where the target's content is scrolled to. */
  readonly scroll?: "top" | "bottom" | undefined;
  /** A selector: what is scrolled instead of the target. */
  readonly scrollTarget?: string | undefined;
  /** Which end of the target is scrolled into the window; `none` also for a boosted link. */
  readonly show?: "top" | "bottom" | "none" | undefined;
  /** A selector: what is scrolled into the window instead of the target. `window` is the window. */
  readonly showTarget?: string | undefined;
  /** Whether the answer's outermost element is left out (htmx 4). */
  readonly strip?: boolean | undefined;
  /** Whether to swap also when out-of-band parts were all of the answer (htmx 4). */
  readonly swapEmpty?: boolean | undefined;
  /** A selector: where to put it (htmx 4). In a response `retarget` says it to both. */
  readonly target?: string | undefined;
}

/** A style, or a style with modifiers. */
export type HtmxSwap = HtmxSwapStyle | HtmxSwapOptions;

const ALIASES: Readonly<Record<HtmxSwapAlias, HtmxCommonSwapStyle>> = {
  before: "beforebegin",
  prepend: "afterbegin",
  append: "beforeend",
  after: "afterend",
};

const ONLY: Readonly<Record<Htmx4SwapStyle | Htmx2SwapStyle, HtmxVersion>> = {
  outerSync: 4,
  innerMorph: 4,
  outerMorph: 4,
  download: 4,
  upsert: 4,
  "morph": 2,
  "morph:innerHTML": 2,
  "morph:outerHTML": 2,
  "morphdom": 2,
};

const DELAY_REGEXP = /^\d+(\.\d+)?(ms|s|m)$/;

/** `window` and simple selectors need no quotes in htmx 4. */
const BARE_REGEXP = /^[#.\w-]+$/;

/**
 * A swap as htmx reads it: `outerHTML swap:100ms`. Where the versions differ and none is told, as htmx 4 does.
 *
 * @throws {TypeError} If a modifier or the style is none that this version of htmx has, or can't be written in it.
 * @throws {RangeError} If a delay is negative or no number.
 */
export function renderSwap(header: string, swap: HtmxSwap, version?: HtmxVersion): string {
  const options = typeof swap === "string" ? { style: swap } : swap;
  const words = [
    renderStyle(header, options.style, version),
    delay(header, "swap", options.swap),
    delay(header, "settle", options.settle),
    flag("transition", options.transition),
    flag("ignoreTitle", options.ignoreTitle),
    // The only name that differs.
    flag(version === 2 ? "focus-scroll" : "focusScroll", options.focusScroll),
    ...(version === 2 ? modifiersOf2 : modifiersOf4)(header, options),
  ];
  return checkText(header, words.filter((word) => word !== undefined).join(" "));
}

type Words = readonly (string | undefined)[];

function renderStyle(
  header: string,
  style: HtmxSwapStyle | undefined,
  version: HtmxVersion | undefined,
): string | undefined {
  if (style === undefined) return undefined;
  // Styles of people without a type checker find nothing in either table.
  const only = (ONLY as Readonly<Record<string, HtmxVersion>>)[style];
  if (version !== undefined && only !== undefined && only !== version) {
    throw refusal(header, style, `it is a style of htmx ${only}`);
  }
  return renderToken(header, (ALIASES as Readonly<Record<string, string>>)[style] ?? style);
}

function delay(header: string, name: string, value: HtmxDelay | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "number" ? `${value}ms` : value;
  if (DELAY_REGEXP.test(text)) return `${name}:${text}`;
  throw new RangeError(`Cannot use "${value}" as "${name}" of ${header}: it is no span of time`);
}

function flag(name: string, value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : `${name}:${value}`;
}

function modifiersOf4(header: string, options: HtmxSwapOptions): Words {
  return [
    word("scroll", options.scroll),
    quoted(header, "scrollTarget", options.scrollTarget),
    word("show", options.show),
    quoted(header, "showTarget", options.showTarget),
    flag("strip", options.strip),
    flag("swapEmpty", options.swapEmpty),
    quoted(header, "target", options.target),
  ];
}

function modifiersOf2(header: string, options: HtmxSwapOptions): Words {
  const foreign = (["strip", "swapEmpty", "target"] as const)
    .find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw refusal(header, foreign, "it is a modifier of htmx 4");
  return [
    scrollOf2(header, "scroll", options.scroll, options.scrollTarget),
    scrollOf2(header, "show", options.show, options.showTarget),
  ];
}

const word = (name: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${name}:${value}`;

/** Quotes have no escapes there: a selector may have either kind, not both. */
function quoted(header: string, name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const selector = renderSelector(header, value);
  if (BARE_REGEXP.test(selector)) return `${name}:${selector}`;
  const quote = selector.includes('"') ? "'" : '"';
  if (!selector.includes(quote)) return `${name}:${quote}${selector}${quote}`;
  throw refusal(header, value, "a selector with both kinds of quotes can't be written there");
}

/** htmx 2: scroll:#list:bottom; blanks part the modifiers, and it knows no quotes. */
function scrollOf2(
  header: string,
  name: string,
  edge: string | undefined,
  target: string | undefined,
): string | undefined {
  if (edge === undefined || target === undefined) return word(name, edge);
  const selector = renderSelector(header, target);
  if (selector.includes(" ")) {
    throw refusal(header, target, "htmx 2 takes a selector without blanks there");
  }
  return `${name}:${selector}:${edge}`;
}
