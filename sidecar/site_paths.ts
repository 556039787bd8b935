/**
 * Which file of a site a path means.
 *
 * @module
 */

/**
 * The files that a path may mean, the surest first.
 *
 * Frameworks differ: Astro and Nuxt write `about/index.html`, SvelteKit `about.html`.
 *
 * @param path The URL's path, encoded as it was received.
 */
export function pageCandidates(path: string): string[] {
  if (path === "/") return ["/index.html"];
  if (path.endsWith("/")) return [`${path}index.html`, `${path.slice(0, -1)}.html`];
  return [path, `${path}/index.html`, `${path}.html`];
}
