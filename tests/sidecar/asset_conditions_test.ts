import { deepEqual, equal } from "node:assert/strict";
import { judgeRequest, type Representation, type Verdict } from "../../sidecar/asset_conditions.ts";
import { test } from "../_support/test.ts";

const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
const FILE = { etag: '"abc"', size: 1000, modified: 784_111_777 };

function judge(
  headers: Record<string, string>,
  method = "GET",
  file: Representation = FILE,
): Verdict {
  return judgeRequest({ method, header: (name) => headers[name] ?? null }, file);
}

function kind(headers: Record<string, string>, method?: string): string {
  return judge(headers, method).kind;
}

function part(range: string, size = 1000): string {
  const verdict = judge({ range }, "GET", { ...FILE, size });
  return verdict.kind === "part" ? `${verdict.first}-${verdict.last}` : verdict.kind;
}

test("judgeRequest() sends all to who asks for no more", () => {
  equal(kind({}), "whole");
  equal(kind({}, "HEAD"), "whole");
});

test("judgeRequest() compares If-None-Match weakly", () => {
  for (
    const field of [
      '"abc"',
      'W/"abc"',
      '"x", "abc"',
      '"x",W/"abc" , "y"',
      "*",
      " * ",
      '"a,b", "abc"',
    ]
  ) {
    equal(kind({ "if-none-match": field }), "not-modified", field);
    equal(kind({ "if-none-match": field }, "HEAD"), "not-modified", field);
  }
  for (
    const field of ['"abd"', '"abc-br"', 'W/"ab"', "abc", '"ABC"', '"a"bc"', '"*"', "", '"abc']
  ) {
    equal(kind({ "if-none-match": field }), "whole", field);
  }
});

test("judgeRequest() looks at If-Modified-Since only without If-None-Match", () => {
  equal(kind({ "if-modified-since": DATE }), "not-modified");
  equal(kind({ "if-modified-since": AFTER }), "not-modified");
  equal(kind({ "if-modified-since": BEFORE }), "whole");
  equal(kind({ "if-modified-since": "last week" }), "whole");
  equal(kind({ "if-modified-since": DATE, "if-none-match": '"old"' }), "whole");
  equal(
    judge({ "if-modified-since": DATE }, "GET", { ...FILE, modified: undefined }).kind,
    "whole",
  );
});

test("judgeRequest() compares If-Match strongly, and before all else", () => {
  equal(kind({ "if-match": '"abc"' }), "whole");
  equal(kind({ "if-match": "*" }), "whole");
  equal(kind({ "if-match": 'W/"abc"' }), "failed");
  equal(kind({ "if-match": '"old"' }), "failed");
  equal(kind({ "if-match": '"old"', "if-none-match": '"abc"' }), "failed");
  equal(kind({ "if-match": '"abc"', "if-none-match": '"abc"' }), "not-modified");
});

test("judgeRequest() looks at If-Unmodified-Since only without If-Match", () => {
  equal(kind({ "if-unmodified-since": DATE }), "whole");
  equal(kind({ "if-unmodified-since": BEFORE }), "failed");
  equal(kind({ "if-unmodified-since": "never" }), "whole");
  equal(kind({ "if-unmodified-since": BEFORE, "if-match": '"abc"' }), "whole");
});

test("judgeRequest() sends a part for one range", () => {
  equal(part("bytes=0-0"), "0-0");
  equal(part("bytes=0-499"), "0-499");
  equal(part("bytes=500-999"), "500-999");
  equal(part("bytes=500-"), "500-999");
  equal(part("bytes=-500"), "500-999");
  equal(part("bytes=-1"), "999-999");
  equal(part("bytes=-5000"), "0-999");
  equal(part("bytes=0-"), "0-999");
  equal(part("bytes=999-99999999999999999999999"), "999-999");
  equal(part("Bytes=1-2"), "1-2");
  equal(part("bytes=5368709119-5368709120", 5_368_709_121), "5368709119-5368709120");
});

test("judgeRequest() refuses a range behind the end", () => {
  for (
    const range of ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999-"]
  ) {
    equal(part(range), "unsatisfiable", range);
  }
});

test("judgeRequest() sends all for a range that is none, and for several", () => {
  for (
    const range of [
      ...["bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-2x", "bytes", "", "bytes=--5"],
      ...["lines=0-5", "bytes=0-1,5-6", "bytes=0-,0-,0-", "bytes= 0-5", "bytes=0 -5", "bytes=+1-2"],
      `bytes=${Array.from({ length: 2000 }, () => "0-").join(",")}`,
    ]
  ) {
    equal(part(range), "whole", range);
  }
});

test("judgeRequest() knows no part of an empty file", () => {
  equal(part("bytes=0-", 0), "whole");
  equal(part("bytes=-1", 0), "whole");
});

test("judgeRequest() looks at Range with GET alone", () => {
  equal(kind({ range: "bytes=0-0" }, "HEAD"), "whole");
});

test("judgeRequest() sends a part only of the file that If-Range names", () => {
  const range = "bytes=0-0";
  const first = { kind: "part", first: 0, last: 0 };
  deepEqual(judge({ range, "if-range": '"abc"' }), first);
  deepEqual(judge({ range, "if-range": DATE }), first);
  for (const field of ['"old"', 'W/"abc"', BEFORE, AFTER, "abc", ""]) {
    equal(kind({ range, "if-range": field }), "whole", field);
  }
});

test("judgeRequest() says 304 before it looks at a range", () => {
  equal(kind({ range: "bytes=0-0", "if-none-match": '"abc"' }), "not-modified");
});
