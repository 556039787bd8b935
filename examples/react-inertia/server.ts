import { join } from "node:path";
import process from "node:process";
import type { FrontTools } from "@lv/sidecar";
import {
  cookieSession,
  createInertia,
  defer,
  optional,
  scroll,
  serveInertia,
} from "@lv/sidecar/inertia";
import { Contacts } from "./contacts.ts";
import { CONTACT, type Pages, type Shared } from "./pages.ts";

const PATH_REGEXP = /^\/contacts\/(\d+)(\/edit|\/favourite)?$/;

/** Makes the app: `front.page` is index.html, from Vite in development and from the build in production. */
export function createApp(front: FrontTools) {
  const contacts = new Contacts(
    process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "contacts.db"),
  );
  const inertia = createInertia<Pages, Shared>({
    page: front.page,
    ssr: true,
    session: cookieSession(),
    share: { app: { name: "Contacts" } },
  });

  function list(request: Request, { searchParams }: URL) {
    const search = searchParams.get("search") ?? "";
    const onlyFavourites = searchParams.get("list") === "favourites";
    const page = Math.max(1, Number(searchParams.get("page")) || 1);
    return inertia.render(request, "Contacts/Index", {
      search,
      list: onlyFavourites ? "favourites" : "all",
      // The client adds each page to those that it has.
      contacts: scroll(() => contacts.list({ search, onlyFavourites, page })),
      // The page does not wait for what takes longer.
      stats: defer(() => contacts.stats()),
    });
  }

  async function save(request: Request, id?: number) {
    const form = await inertia.validate(request, CONTACT);
    if (!form.ok) return form.response;
    if (id !== undefined) contacts.change(id, form.value);
    return await inertia.redirect(
      request,
      `/contacts/${id ?? contacts.add(form.value)}`,
      {
        flash: { message: `${form.value.name} is saved` },
      },
    );
  }

  function missing(request: Request) {
    return inertia.render(request, "Missing", {}, { status: 404 });
  }

  async function answerContact(request: Request, id: number, action: string) {
    const contact = contacts.find(id);
    if (contact === undefined) return await missing(request);
    switch (`${request.method} ${action}`) {
      case "GET ":
        return await inertia.render(request, "Contacts/Show", {
          contact,
          neighbours: optional(() => contacts.inCity(contact.city, id)),
        });
      case "GET /edit":
        return await inertia.render(request, "Contacts/Form", { contact });
      case "PUT ":
        return await save(request, id);
      case "POST /favourite":
        contacts.toggleFavourite(id);
        return await inertia.back(request);
      case "DELETE ":
        contacts.remove(id);
        return await inertia.redirect(request, "/", {
          flash: { message: `${contact.name} is gone` },
        });
      default:
        return new Response(null, { status: 405 });
    }
  }

  return {
    fetch: serveInertia(inertia, async (request) => {
      const url = new URL(request.url);
      const route = `${request.method} ${url.pathname}`;
      if (route === "GET /") return await list(request, url);
      if (route === "GET /contacts/new") {
        return await inertia.render(request, "Contacts/Form", {
          contact: null,
        });
      }
      if (route === "POST /contacts") return await save(request);
      const [, id, action = ""] = PATH_REGEXP.exec(url.pathname) ?? [];
      return id === undefined
        ? await missing(request)
        : await answerContact(request, Number(id), action);
    }),
  };
}
