import { equal, match } from "node:assert/strict";
import { createApp } from "./server.__X__";

const app = createApp({ tags: (entry) => `<script type="module" src="/${entry}"></script>` });

Deno.test("the page loads the front end", async () => {
  const response = await app.fetch(new Request("http://localhost/"));
  equal(response.status, 200);
  match(await response.text(), /src="\/src\/main/);
});

Deno.test("GET /api/hello is a part of a page", async () => {
  const response = await app.fetch(new Request("http://localhost/api/hello"));
  match(await response.text(), /^<p id="hello".*Hello from __FROM__/);
});
