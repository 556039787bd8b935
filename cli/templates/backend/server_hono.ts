import { Hono } from "hono";

const app = new Hono()
  .get("/api/hello", (c) => c.json({ message: "Hello from Hono" }))
  .notFound((c) => c.json({ error: `There is nothing at ${c.req.path}` }, 404));

export default app;
