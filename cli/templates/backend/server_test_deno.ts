import { deepEqual, equal } from "node:assert/strict";
import app from "./server.__X__";

Deno.test("GET /api/hello says hello", async () => {
  const response = await app.fetch(new Request("http://localhost/api/hello"));
  equal(response.status, 200);
  deepEqual(await response.json(), { message: "Hello from __FROM__" });
});

Deno.test("an unknown path is a 404", async () => {
  const response = await app.fetch(new Request("http://localhost/api/unknown"));
  equal(response.status, 404);
  await response.body?.cancel();
});
