// What each page shows. `Pages` is inferred from what is rendered here, so the browser's types follow this file.
import { type Inertia, once, optional, type PagesOf, scroll } from "@lv/sidecar/inertia";
import { z } from "zod";
import type { Recipe, Recipes } from "./recipes.ts";

export const KINDS = ["soup", "salad", "main", "sweet"] as const;

/** The props of every page. */
export interface Shared {
  readonly app: { readonly name: string };
}

export const RECIPE = z.object({
  title: z.string().trim().min(3, "Three letters at least").max(
    80,
    "At most 80 letters",
  ),
  kind: z.enum(KINDS, "Choose one of them"),
  minutes: z.coerce.number("How long does it take?").int().min(
    1,
    "How long does it take?",
  ),
  servings: z.coerce.number("For how many?").int().min(1, "For how many?"),
  ingredients: z.array(z.object({
    amount: z.coerce.number("How much?").positive("How much?"),
    unit: z.string().trim(),
    name: z.string().trim().min(1, "Of what?"),
  })).min(1, "It needs something"),
  steps: z.string().trim().min(1, "How is it done?").max(
    10_000,
    "At most 10,000 letters",
  ),
  photo: z.file().max(2_000_000, "At most 2 MB").mime(
    ["image/jpeg", "image/png", "image/webp", "image/avif"],
    "A JPEG, PNG, WebP or AVIF",
  ).nullish(),
});

export function createPages(inertia: Inertia, recipes: Recipes) {
  return {
    index: (request: Request, kind: string, page: number) =>
      inertia.render(request, "Recipes/Index", {
        kind,
        // The client adds each page to those that it has, in front or behind.
        recipes: scroll(() => recipes.list(kind, page)),
        kinds: () => recipes.kinds(),
      }),
    show: (request: Request, recipe: Recipe) =>
      inertia.render(request, "Recipes/Show", {
        recipe,
        // Asked for when its place is seen.
        others: optional(() => recipes.like(recipe)),
      }),
    create: (request: Request) =>
      inertia.render(request, "Recipes/New", {
        // The client keeps it from visit to visit.
        kinds: once(() => KINDS),
      }),
    missing: (request: Request) => inertia.render(request, "Missing", {}, { status: 404 }),
  };
}

export type Pages = PagesOf<ReturnType<typeof createPages>>;
