import { join } from "node:path";
import process from "node:process";
import type { FrontTools } from "@lv/sidecar";
import { cookieSession, createInertia, honoInertia } from "@lv/sidecar/inertia";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { createPages, type Shared } from "./pages.ts";
import { Tickets } from "./tickets.ts";

const MAX_FILE_BYTES = 1_000_000;

const NAME = z.string().trim().min(1, "Who are you?").max(
  40,
  "At most 40 letters",
);
const TICKET = z.object({
  title: z.string().trim().min(5, "Five letters at least").max(
    120,
    "At most 120 letters",
  ),
  body: z.string().trim().min(1, "Tell us what happens").max(
    5000,
    "At most 5000 letters",
  ),
  author: NAME,
  priority: z.enum(["low", "normal", "high"], "Choose one of them"),
});
const COMMENT = z.object({
  author: NAME,
  text: z.string().trim().min(1, "There is nothing in it").max(
    5000,
    "At most 5000 letters",
  ),
  file: z.file().max(MAX_FILE_BYTES, "At most 1 MB").nullish(),
});

/** Makes the app: `front.page` is index.html, from Vite in development and from the build in production. */
export function createApp(front: FrontTools) {
  const tickets = new Tickets(
    process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "tickets.db"),
  );
  const inertia = createInertia({
    page: front.page,
    session: cookieSession(),
    share: (): Shared => ({ counts: tickets.counts() }),
  });
  const pages = createPages(inertia, tickets);
  const app = new Hono();

  app.use(honoInertia(inertia));

  app.get("/", (c) => {
    const status = c.req.query("status") === "closed" ? "closed" : "open";
    return pages.index(
      c.req.raw,
      status,
      Math.max(1, Number(c.req.query("page")) || 1),
    );
  });

  app.get("/tickets/new", (c) => pages.create(c.req.raw));

  app.post("/tickets", async (c) => {
    const form = await inertia.validate(c.req.raw, TICKET);
    if (!form.ok) return form.response;
    const id = tickets.add(form.value, Date.now());
    return await inertia.redirect(c.req.raw, `/tickets/${id}`, {
      flash: { message: `Ticket ${id} is open` },
    });
  });

  /** The ticket of the address, or the page that there is none. */
  const withTicket =
    (answer: (c: Context, id: number) => Response | Promise<Response>) => (c: Context) => {
      const id = Number(c.req.param("id"));
      return tickets.find(id) === undefined ? pages.missing(c.req.raw) : answer(c, id);
    };

  app.get(
    "/tickets/:id{\\d+}",
    withTicket((c, id) => pages.show(c.req.raw, tickets.find(id)!)),
  );

  app.post(
    "/tickets/:id{\\d+}/comments",
    withTicket(async (c, id) => {
      const form = await inertia.validate(c.req.raw, COMMENT);
      if (!form.ok) return form.response;
      const { author, text, file } = form.value;
      const bytes = file ? new Uint8Array(await file.arrayBuffer()) : undefined;
      tickets.comment(
        id,
        {
          author,
          text,
          file: file && bytes ? { name: file.name, bytes } : undefined,
        },
        Date.now(),
      );
      return await inertia.back(c.req.raw, {
        flash: { message: "Your comment is there" },
      });
    }),
  );

  app.put(
    "/tickets/:id{\\d+}/:status{open|closed}",
    withTicket((c, id) => {
      const status = c.req.param("status") === "open" ? "open" : "closed";
      tickets.setStatus(id, status);
      return inertia.back(c.req.raw, {
        flash: { message: `Ticket ${id} is ${status}` },
      });
    }),
  );

  app.get("/files/:id{\\d+}", (c) => {
    const file = tickets.file(Number(c.req.param("id")));
    if (file === undefined) return c.notFound();
    // Never shown within our origin: whoever wrote it could run scripts there.
    return c.body(file.bytes, 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "x-content-type-options": "nosniff",
    });
  });

  app.notFound((c) => pages.missing(c.req.raw));
  return app;
}
