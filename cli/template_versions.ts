/**
 * The versions of the packages that templates ask for. What must have one version stands side by side.
 *
 * @module
 */
import type { Packages } from "./template.ts";

const VERSIONS = {
  vite: "^8.3.8",
  typescript: "~7.0.2",
  "@types/bun": "^1.4.4",
  "@types/node": "^24.19.2",

  react: "^19.3.1",
  "react-dom": "^19.3.1",
  "@types/react": "^19.2.0",
  "@types/react-dom": "^19.2.0",
  "@vitejs/plugin-react": "^6.3.0",

  vue: "^3.5.45",
  "@vitejs/plugin-vue": "^6.0.11",
  "vue-tsc": "^3.3.14",

  svelte: "^5.57.3",
  "@sveltejs/vite-plugin-svelte": "^7.3.1",
  "svelte-check": "^4.7.8",

  "solid-js": "^1.9.19",
  "vite-plugin-solid": "^2.11.14",

  "@inertiajs/core": "^3.7.1",
  "@inertiajs/react": "^3.7.1",
  "@inertiajs/vue3": "^3.7.1",
  "@inertiajs/svelte": "^3.7.1",
  "@inertiajs/vite": "^3.7.1",

  "htmx.org": "^4.0.1",
  alpinejs: "^3.17.4",
  "@types/alpinejs": "^3.13.11",

  astro: "^7.3.5",
  "@astrojs/node": "^11.1.6",
  "@astrojs/check": "^0.9.10",

  "@sveltejs/kit": "^3.2.0",
  "@sveltejs/adapter-node": "^6.0.1",

  nuxt: "^4.5.2",
  "vue-router": "^5.5.1",

  tailwindcss: "^4.3.5",
  "@tailwindcss/vite": "^4.3.5",

  hono: "^4.13.19",
  "@hono/zod-openapi": "^1.6.3",
  zod: "^4.6.7",
  "@hey-api/openapi-ts": "^0.99.0",
} as const satisfies Packages;

/** A package of the list. */
export type PackageName = keyof typeof VERSIONS;

/** TypeScript as vue-tsc and svelte-check need it: 7 has no compiler API of JavaScript. */
export const TYPESCRIPT_WITH_API: Packages = { typescript: "~6.0.3" };

/** Packages with their versions. */
export function packages(...names: readonly PackageName[]): Packages {
  return Object.fromEntries(names.map((name) => [name, VERSIONS[name]]));
}
