import { join } from "node:path";
import type { FrontTools } from "@lv/sidecar";
import vento from "ventojs";

const guests: string[] = ["Ada <ada@example.com>"];

// With autoescape whatever a guest writes stays text; `safe` in the layout lets tags through.
const templates = vento({
  includes: join(import.meta.dirname ?? ".", "views"),
  autoescape: true,
});

/** Makes the app: the templates get `front`, and call it themselves. */
export function createApp(front: FrontTools) {
  async function render(
    name: string,
    data: Record<string, unknown>,
  ): Promise<Response> {
    const { content } = await templates.run(name, { ...data, front });
    return new Response(content, {
      headers: { "content-type": "text/html; charset=utf-8" },
    });
  }

  return {
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (pathname === "/") return await render("guests.vto", { guests });
      if (pathname === "/about") return await render("about.vto", {});
      if (pathname === "/guests" && request.method === "POST") {
        guests.push(await request.text());
        return Response.json(guests.length, { status: 201 });
      }
      return new Response("There is nothing here", { status: 404 });
    },
  };
}
