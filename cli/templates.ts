/**
 * The templates of `init`, one line each.
 *
 * Their files are in `templates/`; modules among them end in `.txt`, for `deno publish` rewrites what modules import.
 *
 * @module
 */
import type { Template } from "./template.ts";
import { ASTRO, NUXT, SVELTEKIT } from "./template_frameworks.ts";
import { HTMX } from "./template_htmx.ts";
import { REACT_INERTIA, SVELTE_INERTIA, VUE_INERTIA } from "./template_inertia.ts";
import { REACT, SOLID, SVELTE, VANILLA, VUE } from "./template_spa.ts";

/** The templates, in the order in which they are offered. */
export const TEMPLATES: readonly Template[] = [
  REACT,
  VUE,
  SVELTE,
  SOLID,
  VANILLA,
  REACT_INERTIA,
  VUE_INERTIA,
  SVELTE_INERTIA,
  HTMX,
  ASTRO,
  SVELTEKIT,
  NUXT,
];
