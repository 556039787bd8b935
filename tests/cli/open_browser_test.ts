import { deepEqual, equal } from "node:assert/strict";
import { browserCommand, startDetached } from "../../cli/open_browser.ts";
import { test } from "../_support/test.ts";

test("browserCommand() hands the URL over as one word, to no shell", () => {
  const url = "http://127.0.0.1:8000/?a&b";
  deepEqual(browserCommand("darwin", url), ["open", url]);
  deepEqual(browserCommand("win32", url), ["rundll32", "url.dll,FileProtocolHandler", url]);
  deepEqual(browserCommand("linux", url), ["xdg-open", url]);
  deepEqual(browserCommand("freebsd", url), ["xdg-open", url]);
});

test("startDetached() says that a program is not there, and throws nothing", async () => {
  equal(await startDetached(["/nowhere/xdg-open", "http://127.0.0.1:8000/"]), false);
});
