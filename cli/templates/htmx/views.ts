const ESCAPES/*+: Readonly<Record<string, string>>*/ = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as HTML. */
function escape(text/*+: string*/) {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

export function pageView(tags/*+: string*/) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>__NAME__</title>
    ${tags}
  </head>
  <body>
    <main>
      <h1>__NAME__</h1>
      <button type="button" id="count" x-data="{ count: 0 }" @click="count++">
        Count: <span x-text="count">0</span>
      </button>
      <div hx-get="/api/hello" hx-trigger="load">…</div>
    </main>
  </body>
</html>
`;
}

/** A part of the page, as htmx puts it in. */
export function helloView(message/*+: string*/) {
  return `<p id="hello" role="status">${escape(message)}</p>`;
}
