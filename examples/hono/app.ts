import { Hono } from "hono";

interface Note {
  readonly id: number;
  readonly text: string;
}

const notes = new Map<number, Note>([[1, {
  id: 1,
  text: "This note comes from app.ts",
}]]);
let lastId = 1;

const app = new Hono();

app.get("/api/notes", (c) => c.json([...notes.values()]));

app.post("/api/notes", async (c) => {
  const body: unknown = await c.req.json().catch(() => undefined);
  const text = (body as { text?: unknown } | undefined)?.text;
  if (typeof text !== "string" || text.trim() === "") {
    return c.json({ error: "A note needs a text" }, 422);
  }
  const note = { id: ++lastId, text };
  notes.set(note.id, note);
  return c.json(note, 201);
});

app.delete("/api/notes/:id", (c) => {
  const known = notes.delete(Number(c.req.param("id")));
  return known ? c.body(null, 204) : c.json({ error: "There is no such note" }, 404);
});

export default app;
