import { join } from "node:path";
import process from "node:process";
import type { FrontTools } from "@lv/sidecar";
import { cookieSession, createInertia, serveInertia } from "@lv/sidecar/inertia";
import { createPages, RECIPE, type Shared } from "./pages.ts";
import { Recipes } from "./recipes.ts";

const PATH_REGEXP = /^\/(recipes|photos)\/(\d+)$/;

/** Makes the app: `front.page` is index.html, from Vite in development and from the build in production. */
export function createApp(front: FrontTools) {
  const recipes = new Recipes(
    process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "recipes.db"),
  );
  const inertia = createInertia({
    page: front.page,
    session: cookieSession(),
    share: { app: { name: "Recipes" } } satisfies Shared,
  });
  const pages = createPages(inertia, recipes);

  async function add(request: Request) {
    const form = await inertia.validate(request, RECIPE);
    if (!form.ok) return form.response;
    const { photo, ...recipe } = form.value;
    const id = recipes.add(recipe);
    if (photo) {
      recipes.setPhoto(
        id,
        photo.type,
        new Uint8Array(await photo.arrayBuffer()),
      );
    }
    return await inertia.redirect(request, `/recipes/${id}`, {
      flash: { message: `${recipe.title} is in the book` },
    });
  }

  function answerPhoto(id: number) {
    const photo = recipes.photo(id);
    if (photo === undefined) return new Response(null, { status: 404 });
    // Only the types that RECIPE lets in were written, and nobody guesses another one.
    return new Response(photo.bytes, {
      headers: {
        "content-type": photo.type,
        "x-content-type-options": "nosniff",
      },
    });
  }

  async function answerRecipe(request: Request, id: number) {
    const recipe = recipes.find(id);
    if (recipe === undefined) return await pages.missing(request);
    if (request.method === "GET") return await pages.show(request, recipe);
    if (request.method !== "DELETE") return new Response(null, { status: 405 });
    recipes.remove(id);
    return await inertia.redirect(request, "/", {
      flash: { message: `${recipe.title} is gone` },
    });
  }

  return {
    fetch: serveInertia(inertia, async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const route = `${request.method} ${pathname}`;
      if (route === "GET /") {
        const page = Math.max(1, Number(searchParams.get("page")) || 1);
        return await pages.index(request, searchParams.get("kind") ?? "", page);
      }
      if (route === "GET /recipes/new") return await pages.create(request);
      if (route === "POST /recipes") return await add(request);
      const [, what, id] = PATH_REGEXP.exec(pathname) ?? [];
      if (what === "photos") return answerPhoto(Number(id));
      return what === undefined
        ? await pages.missing(request)
        : await answerRecipe(request, Number(id));
    }),
  };
}
