// What a page and a fragment load from Vite. A stand-in: it knows the sources, not what a build makes of them.

const BASE = "/static/";

const script = (path: string): string => `<script type="module" src="${BASE}${path}"></script>`;

/** For the head of a page. */
export function tags(entry: string): string {
  return script("@vite/client") + script(entry);
}

/** For a fragment: the page has the rest. */
export function partial(entry: string): string {
  return script(entry);
}
