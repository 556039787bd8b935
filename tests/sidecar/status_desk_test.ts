import { deepEqual, equal, rejects } from "node:assert/strict";
import { createSidecar } from "../../sidecar.ts";
import {
  isStatusRequest,
  STATUS_KEY_FIELD,
  STATUS_PATH,
  type StatusRequest,
  statusResponse,
} from "../../sidecar/status_desk.ts";
import { test } from "../_support/test.ts";

const KEY = "0123456789abcdef0123456789abcdef";

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly peer?: string | undefined;
  readonly key?: string | null;
}

function asked({ method = "GET", path = STATUS_PATH, key = KEY, ...rest }: Asked): StatusRequest {
  const remoteAddress = "peer" in rest ? rest.peer : "127.0.0.1";
  return {
    method,
    path,
    header: (name) => name === STATUS_KEY_FIELD ? key : null,
    context: { remoteAddress },
  };
}

test("isStatusRequest() takes the key from a peer on this machine", () => {
  equal(isStatusRequest(asked({}), KEY), true);
  equal(isStatusRequest(asked({ peer: "::1" }), KEY), true);
});

test("isStatusRequest() leaves everything else to whoever owns the path", () => {
  const others: readonly Asked[] = [
    { key: null },
    { key: "" },
    { key: KEY.slice(1) },
    { key: `${KEY}x` },
    { key: KEY.toUpperCase() },
    // As many characters, though not as many bytes.
    { key: "é".repeat(KEY.length) },
    { method: "POST" },
    { method: "HEAD" },
    { path: `${STATUS_PATH}/` },
    { path: "/" },
    { peer: "192.0.2.7" },
    { peer: undefined },
  ];
  for (const other of others) {
    equal(isStatusRequest(asked(other), KEY), false, JSON.stringify(other));
  }
});

test("statusResponse() is JSON that nobody keeps", async () => {
  const response = statusResponse({ mode: "dev" });
  equal(response.headers.get("cache-control"), "no-store");
  deepEqual(await response.json(), { mode: "dev" });
});

test("createSidecar() refuses a key that could be guessed", async () => {
  await rejects(
    createSidecar({}, { statusKey: KEY.slice(1), configFile: false, env: {} }),
    new RangeError("Cannot use the statusKey: it has less than 32 characters"),
  );
});
