/**
 * The URL under which built files are served.
 *
 * @module
 */

/** Where files are served if nobody says: the default of litestar-vite's `ASSET_URL`. */
export const DEFAULT_ASSET_URL = "/static/";

const ALLOWED = 'a path such as "/static/", or a URL such as "https://cdn.example.com/static/"';

/**
 * Reads the URL under which built files are served: a path of this server, or a whole URL of another one.
 *
 * @returns The URL with a slash at its end.
 * @throws {RangeError} If it is neither, or has a query, a fragment or a password.
 */
export function parseAssetUrl(text: string): string {
  const refuse = (state: string): RangeError =>
    new RangeError(`Cannot use "${hidePassword(text)}" as the URL of assets: ${state}`);
  const isUrl = /^https?:\/\/[^/]/i.test(text);
  if (!isUrl && !text.startsWith("/")) throw refuse(`it must be ${ALLOWED}`);
  // Vite itself drops the host of "//cdn.example.com/".
  if (/^\/[/\\]/.test(text)) throw refuse('it starts with "//"; write the scheme too');
  if (/[?#\\\s"'<>]|[^\x21-\x7e]|\/\.\.?(?:\/|$)/.test(text)) {
    throw refuse('it must be without "?", "#", "\\", quotes, blanks, "." and ".."');
  }
  if (!isUrl) return withSlash(text);
  if (!URL.canParse(text)) throw refuse(`it must be ${ALLOWED}`);
  const { href, username, password } = new URL(text);
  if (username !== "" || password !== "") throw refuse("every visitor would see its credentials");
  return withSlash(href);
}

/** The path of the URL, from slash to slash: Vite's base in development, where the files are on this server. */
export function assetPathOf(assetUrl: string): string {
  return new URL(assetUrl, "http://base.invalid").pathname;
}

/** Makes the URL of a file, encoded for an attribute `href`, though not escaped for HTML. */
export function joinAssetUrl(assetUrl: string, file: string): string {
  return assetUrl + encodeURI(file).replace(/[?#]/g, encodeURIComponent);
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function hidePassword(url: string): string {
  return url.replace(/(\/\/[^/@\s:]*):[^/@\s]*@/g, "$1:***@");
}
