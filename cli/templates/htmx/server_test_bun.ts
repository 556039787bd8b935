import { expect, test } from "bun:test";
import { createApp } from "./server";

const app = createApp({ tags: (entry) => `<script type="module" src="/${entry}"></script>` });

test("the page loads the front end", async () => {
  const response = await app.fetch(new Request("http://localhost/"));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('src="/src/main');
});

test("GET /api/hello is a part of a page", async () => {
  const response = await app.fetch(new Request("http://localhost/api/hello"));
  expect(await response.text()).toContain("Hello from __FROM__");
});
