import { deepEqual, equal, throws } from "node:assert/strict";
import { htmxHeaders, type HtmxTrigger } from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const render = (trigger: HtmxTrigger): string => htmxHeaders({ trigger })["HX-Trigger"] ?? "";

test("names alone are a list", () => {
  equal(render("saved"), "saved");
  equal(render(["saved", "notes:changed"]), "saved, notes:changed");
  equal(render({ saved: undefined }), "saved");
});

test("a name that a list can't hold makes it JSON", () => {
  equal(render("a, b"), '{"a, b":{}}');
  equal(render("{a"), '{"{a":{}}');
  equal(render("größe"), '{"gr\\u00f6\\u00dfe":{}}');
});

test("an object is the event's detail", () => {
  equal(render({ saved: { id: 7, target: "#list" } }), '{"saved":{"id":7,"target":"#list"}}');
});

// htmx 4 takes an array or null for the detail itself, htmx 2 for its value.
test("anything else is the value of the detail", () => {
  equal(
    render({ a: "x", b: 1, c: null, d: [1], e: false }),
    '{"a":{"value":"x"},"b":{"value":1},"c":{"value":null},"d":{"value":[1]},"e":{"value":false}}',
  );
  equal(render({ at: new Date(0) }), '{"at":{"value":"1970-01-01T00:00:00.000Z"}}');
});

test("a payload is ASCII and comes back as it was", () => {
  const payload = { text: 'é€\u{1f600}\r\n\0\u2028</script>"' };
  const value = render({ a: payload });
  equal(/^[\x20-\x7e]+$/.test(value), true);
  deepEqual(JSON.parse(value), { a: payload });
});

test("a name from a prototype is a name like others", () => {
  const names = JSON.parse('{"__proto__":1,"constructor":2}') as Record<string, number>;
  equal(render(names), '{"__proto__":{"value":1},"constructor":{"value":2}}');
});

test("what can't be an event is refused", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  throws(() => render({ a: cycle }), { name: "TypeError", message: /no JSON form/ });
  throws(() => render({ a: 1n }), { name: "TypeError", message: /no JSON form/ });
  throws(() => render({ a: () => {} }), {
    name: "TypeError",
    message: "Cannot set HX-Trigger: a value of type function has no JSON form",
  });
  throws(() => render(" "), { name: "TypeError", message: /it is empty/ });
  throws(() => render([]), { name: "TypeError", message: /no event/ });
});

test("htmx 4 gets all events in the one field that it has", () => {
  const options = {
    trigger: "a",
    triggerAfterSwap: { b: { x: 1 } },
    triggerAfterSettle: "c",
  } as const;
  deepEqual(htmxHeaders({ version: 4, ...options }), {
    "HX-Trigger": '{"a":{},"b":{"x":1},"c":{}}',
  });
  equal(Object.keys(htmxHeaders({ version: 2, ...options })).length, 3);
  deepEqual(htmxHeaders({ version: 4, triggerAfterSwap: "b" }), { "HX-Trigger": "b" });
});
