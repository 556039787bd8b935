/**
 * Hashes for the tags of a built page: a browser runs none of its scripts if one byte of them is another.
 *
 * @module
 */
import { joinAssetUrl } from "./asset_url.ts";
import { scriptJson } from "./script_json.ts";

/** What a page is of. */
export interface PageBuild {
  /** Vite's base, from slash to slash. */
  readonly base: string;
  /** The value of `integrity` for each script and style sheet. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** As Vite writes them; whatever else a page has is not of the build. */
const FIRST_MODULE_REGEXP = /<(?:script type="module"|link rel="modulepreload")[ >]/;

/**
 * Adds `integrity` to the tags that Vite has written, and an import map with the hashes of the modules that no tag
 * names: those that `import()` loads. A page that has an import map keeps it as it is.
 *
 * @param html A page as Vite has written it.
 */
export function addIntegrity(html: string, { base, hashes }: PageBuild): string {
  let page = html;
  const unnamed: [string, string][] = [];
  for (const [file, hash] of hashes) {
    const url = joinAssetUrl(base, file);
    const before = page;
    for (const name of ["src", "href"]) {
      const attribute = ` crossorigin ${name}="${url}"`;
      page = page.replaceAll(attribute, ` integrity="${hash}"${attribute}`);
    }
    if (page === before && /\.m?js$/.test(file)) unnamed.push([url, hash]);
  }
  const place = page.search(FIRST_MODULE_REGEXP);
  if (unnamed.length === 0 || place === -1 || /<script type="importmap"/i.test(page)) return page;
  const map = scriptJson({ integrity: Object.fromEntries(unnamed) }, "import map");
  return `${page.slice(0, place)}<script type="importmap">${map}</script>\n    ${
    page.slice(place)
  }`;
}
