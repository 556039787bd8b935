import { equal, throws } from "node:assert/strict";
import { htmxHeaders, type HtmxSwap, type HtmxSwapStyle, type HtmxVersion } from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const render = (reswap: HtmxSwap, version?: HtmxVersion): string =>
  htmxHeaders({ reswap, version })["HX-Reswap"] ?? "";

test("a style alone is its name", () => {
  equal(render("outerHTML"), "outerHTML");
  equal(render({ style: "innerMorph" }), "innerMorph");
});

test("the short names of htmx 4 become those that both read", () => {
  equal(render("before"), "beforebegin");
  equal(render("prepend"), "afterbegin");
  equal(render("append"), "beforeend");
  equal(render("after"), "afterend");
});

test("a style of the other version is refused where the version is known", () => {
  equal(render("outerSync"), "outerSync");
  equal(render("morph:outerHTML", 2), "morph:outerHTML");
  throws(() => render("outerSync", 2), { name: "TypeError", message: /it is a style of htmx 4/ });
  throws(() => render("morph", 4), { name: "TypeError", message: /it is a style of htmx 2/ });
});

test("modifiers follow the style", () => {
  equal(
    render({ style: "outerHTML", swap: 100, settle: "1.5s", transition: true, ignoreTitle: false }),
    "outerHTML swap:100ms settle:1.5s transition:true ignoreTitle:false",
  );
  equal(render({ show: "none" }), "show:none");
  equal(render({ strip: true, swapEmpty: true }), "strip:true swapEmpty:true");
});

test("scrolling is written as the version reads it", () => {
  const swap = { scroll: "bottom", scrollTarget: "#list", show: "top" } as const;
  equal(render(swap), "scroll:bottom scrollTarget:#list show:top");
  equal(render(swap, 4), "scroll:bottom scrollTarget:#list show:top");
  equal(render(swap, 2), "scroll:#list:bottom show:top");
  equal(render({ focusScroll: true }, 4), "focusScroll:true");
  equal(render({ focusScroll: true }, 2), "focus-scroll:true");
});

test("a selector that htmx 4 would take apart is quoted", () => {
  const target = (scrollTarget: string): string => render({ scroll: "top", scrollTarget });
  equal(target("#a .b"), 'scroll:top scrollTarget:"#a .b"');
  equal(target('a[x="1"]'), `scroll:top scrollTarget:'a[x="1"]'`);
  equal(target("#ü"), 'scroll:top scrollTarget:"#\\0000fc"');
  throws(() => target(`a[x="1"] b[y='2']`), { name: "TypeError", message: /both kinds of quotes/ });
});

test("what htmx 2 can't say is refused", () => {
  throws(() => render({ scroll: "top", scrollTarget: "#a .b" }, 2), /without blanks/);
  throws(() => render({ strip: true }, 2), /"strip" as HX-Reswap: it is a modifier of htmx 4/);
});

test("a delay is a span of time", () => {
  equal(render({ swap: "2m" }), "swap:2m");
  for (const swap of [-1, NaN, Infinity, 1e21]) {
    throws(() => render({ swap }), { name: "RangeError", message: /it is no span of time/ });
  }
});

test("without a type checker, too, a style is one word", () => {
  // What JavaScript passes.
  const style = (text: string): HtmxSwapStyle => text as HtmxSwapStyle;
  equal(render(style("fancy")), "fancy");
  throws(() => render(style("outerHTML swap:1s")), TypeError);
  throws(() => render(style("")), TypeError);
  throws(() => render({}), { name: "TypeError", message: /it is empty/ });
});
