import { equal, ok } from "node:assert/strict";
import { PathTree } from "../../inertia/path_tree.ts";
import { test } from "../_support/test.ts";

test("relationOf() compares whole keys", () => {
  const tree = new PathTree(["auth.user", "feed", "a.b.c"]);
  const expected = {
    "auth.user": "within",
    "auth.user.name": "within",
    auth: "above",
    "auth.users": "apart",
    "auth.us": "apart",
    feed: "within",
    "feed.0": "within",
    feeds: "apart",
    "a.b": "above",
    a: "above",
    b: "apart",
    "": "apart",
  };
  for (const [path, relation] of Object.entries(expected)) equal(tree.relationOf(path), relation);
  equal(new PathTree([]).relationOf("a"), "apart");
});

test("relationOf() takes names of the prototype, and empty keys, for keys", () => {
  const tree = new PathTree(["__proto__.a", "constructor", "x..y"]);
  equal(tree.relationOf("__proto__"), "above");
  equal(tree.relationOf("constructor.name"), "within");
  equal(tree.relationOf("toString"), "apart");
  equal(tree.relationOf("x."), "above");
  equal(tree.relationOf("x..y"), "within");
});

test("matches() takes * for one key", () => {
  const tree = new PathTree(["users.*.email", "name", "*.id"]);
  ok(tree.matches("users.0.email"));
  ok(tree.matches("name"));
  ok(tree.matches("users.id"));
  ok(!tree.matches("users.0.1.email"));
  ok(!tree.matches("users.0"));
  ok(!tree.matches("id"));
  ok(!tree.matches("name.first"));
});

test("one field that names ten thousand paths, or a path of as many keys, is looked up all the same", () => {
  const many = new PathTree(Array.from({ length: 10_000 }, (_, index) => `list.${index}.x`));
  equal(many.relationOf("list.9999.x"), "within");
  equal(many.relationOf("list.10000.x"), "apart");
  const deep = new PathTree([`a${".b".repeat(10_000)}`]);
  equal(deep.relationOf("a.b.b"), "above");
  equal(deep.relationOf("a.c"), "apart");
});
