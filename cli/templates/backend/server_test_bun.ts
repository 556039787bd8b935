import { expect, test } from "bun:test";
import app from "./server";

test("GET /api/hello says hello", async () => {
  const response = await app.fetch(new Request("http://localhost/api/hello"));
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ message: "Hello from __FROM__" });
});

test("an unknown path is a 404", async () => {
  const response = await app.fetch(new Request("http://localhost/api/unknown"));
  expect(response.status).toBe(404);
});
