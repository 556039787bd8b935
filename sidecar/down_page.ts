/**
 * The pages for when somebody behind the port does not answer: what is wrong, and a reload when it is mended.
 *
 * @module
 */
import { escapeHtml } from "./escape_html.ts";

/** What such a page says. */
export interface DownPage {
  /** One line, for example "Vite has stopped". */
  readonly title: string;
  /** What was attempted and what was found. */
  readonly reason: string;
  /** What to do next; empty if there is nothing but to wait. */
  readonly hint: string;
  /** Last lines of standard error; only for a browser on this machine. */
  readonly lines: readonly string[];
}

/** The header by which the page's script knows that it still looks at such a page. */
export const DOWN_HEADER = "x-sidecar-down";

const STYLE = `
:root{color-scheme:light dark;--ink:#1d2129;--soft:#5d6675;--paper:#f7f8fa;--card:#fff;--line:#dfe3ea;--mark:#d9480f}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#9aa4b5;--paper:#14171c;--card:#1c2027;--line:#2c323c;--mark:#ff8a4c}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{box-sizing:border-box;width:min(46rem,92vw);padding:2rem;background:var(--card);border:1px solid var(--line);
border-top:4px solid var(--mark);border-radius:10px}
h1{margin:0 0 .5rem;font-size:1.4rem}p{margin:.4rem 0;white-space:pre-line}.soft{color:var(--soft)}
pre{margin:1.2rem 0 0;padding:1rem;max-height:45vh;overflow:auto;background:var(--paper);border:1px solid var(--line);
border-radius:6px;font:13px/1.5 ui-monospace,"Cascadia Code",Menlo,monospace;white-space:pre-wrap}
.wait{margin-top:1.2rem;font-size:.9rem}.wait::before{content:"";display:inline-block;width:.6em;height:.6em;
margin-right:.6em;border-radius:50%;background:var(--mark);animation:beat 1.2s infinite alternate}
@keyframes beat{to{opacity:.25}}`;

// Asks the same URL for its head, because only that tells whether this very page would come now.
const SCRIPT = `
(function ask(){setTimeout(function(){fetch(location.href,{method:"HEAD",cache:"no-store",headers:{accept:"text/html"}})
.then(function(answer){answer.headers.has("${DOWN_HEADER}")?ask():location.reload()},ask)},700)})()`;

/**
 * Renders the page.
 *
 * @param page What it says; everything is escaped.
 * @returns A whole document.
 */
export function renderDownPage({ title, reason, hint, lines }: DownPage): string {
  const details = lines.length === 0 ? "" : `<pre>${escapeHtml(lines.join("\n"))}</pre>`;
  const next = hint === "" ? "" : `<p class="soft">${escapeHtml(hint)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<main role="alert">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(reason)}</p>
${next}${details}
<p class="soft wait">This page reloads by itself as soon as there is an answer.</p>
</main>
<script>${SCRIPT}
</script>
</body>
</html>
`;
}

/** Renders the same for a client that does not want HTML. */
export function renderDownText({ title, reason, hint, lines }: DownPage): string {
  return [title, reason, hint, ...lines].filter((line) => line !== "").join("\n") + "\n";
}

/** What a peer on another machine is told: nothing of paths, commands or output. */
export function withoutDetails(page: DownPage): DownPage {
  return { title: page.title, reason: "The server is being worked on.", hint: "", lines: [] };
}

// deno-lint-ignore no-control-regex
const ANSI_REGEXP = /\x1b(?:\[[0-9;?]*[ -\/]*[@-~]|\][^\x07]*(?:\x07|\x1b\\))/g;

/** Takes the colours and cursor movements out of a line of a terminal. */
export function plainLine(line: string): string {
  return line.replaceAll(ANSI_REGEXP, "");
}
