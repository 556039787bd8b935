/** What was built, in a real browser: without Vite, under a strict policy, and in a tab that outlives a deploy. */
import { equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, recordConsole } from "../_support/browser.ts";
import { countsUp, isSameDocument, markDocument, openPage, sees } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { withBuiltExample, withServe } from "../_support/production.ts";
import type { Project } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

/** The app is interactive, its API answers, and its stream is open. */
async function works(page: Page): Promise<void> {
  await countsUp(page);
  await countsUp(page);
  await sees(page, "#time", /\d/);
  await sees(page, "#uptime", /^\d+ s$/);
}

/** Everything that the page asked for came from the one port. */
function recordRequests(page: Page): { readonly urls: string[]; readonly failed: string[] } {
  const urls: string[] = [];
  const failed: string[] = [];
  page.on("request", (request) => void urls.push(request.url()));
  page.on("response", (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  return { urls, failed };
}

browserTest(
  `production on ${runtimeName}: the React demo works with neither Node nor Vite`,
  (browser) =>
    withBuiltExample((example) =>
      withServe(example, ["--entry", "server.ts"], async ({ port }) => {
        const page = await openPage(browser);
        const consoleOf = recordConsole(page);
        const { urls, failed } = recordRequests(page);
        const origin = `http://127.0.0.1:${port}`;
        await page.goto(`${origin}/`);
        await works(page);
        await page.goto(`${origin}/a/deep/link?x=1#there`);
        await works(page);
        ok(urls.length > 4 && urls.every((url) => url.startsWith(origin)), urls.join("\n"));
        ok(!urls.some((url) => url.includes("@vite") || url.includes("/src/")), urls.join("\n"));
        equal(failed.join("\n"), "");
        equal(consoleOf(), "");
        await page.close();
      })
    ),
);

const POLICY = "default-src 'self'; script-src 'strict-dynamic'; style-src 'self'; " +
  "object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'";

const STRICT_CONFIG = `export default {
  nonce: true,
  contentSecurityPolicy: ${JSON.stringify(POLICY)},
  routes: { time: "/api/time" },
  csrfToken: () => "</script><script>alert(1)</script>",
  inject: (request, { nonce }) => ({
    globals: { user: { name: "<!--<script>" } },
    bodyEnd: \`<style nonce="\${nonce}">h1 { color: rgb(1, 2, 3) }</style>\` +
      (request.url.endsWith("?foreign") ? "<script>globalThis.wasForeign = true</script>" : ""),
  }),
};
`;

/** A lazy chunk with a style sheet of its own: the client makes tags for both. */
async function addLazyChunk(project: Project, text: string): Promise<void> {
  await project.write("src/late.css", `#late { outline: 1px solid rgb(4, 5, 6) }`);
  await writeLate(project, text);
  const main = await project.read("src/main.tsx");
  await project.write(
    "src/main.tsx",
    `${main}
const button = document.createElement("button");
button.id = "late";
button.textContent = "Late";
button.onclick = () => import("./late.ts").then(({ text }) => button.textContent = text);
document.body.append(button);
`,
  );
}

async function writeLate(project: Project, text: string): Promise<void> {
  await project.write("src/late.ts", `import "./late.css";\nexport const text = "${text}";\n`);
}

const evaluate = (page: Page, expression: string): Promise<unknown> => page.evaluate(expression);

/** Violations are events of the document; the console has them too. */
const RECORD_VIOLATIONS = `addEventListener("securitypolicyviolation", (event) =>
  (globalThis.violations ??= []).push(event.violatedDirective + " " + event.sample))`;

browserTest(
  `production on ${runtimeName}: the React demo works under a strict policy, and nothing else does`,
  (browser) =>
    withBuiltExample(async (example) => {
      await example.folder.write("sidecar.config.ts", STRICT_CONFIG);
      await withServe(example, ["--entry", "server.ts"], async ({ port }) => {
        const page = await openPage(browser);
        await page.addInitScript(RECORD_VIOLATIONS);
        const consoleOf = recordConsole(page);
        const response = await page.goto(`http://127.0.0.1:${port}/`);
        match(
          response?.headers()["content-security-policy"] ?? "",
          /script-src 'strict-dynamic' 'nonce-[A-Za-z0-9+/]{22,}={0,2}'; style-src 'self' 'nonce-/,
        );
        equal(response?.headers()["cache-control"], "private, no-store");
        await works(page);
        await page.click("#late");
        await sees(page, "#late", "lazy");
        const outline = `getComputedStyle(document.querySelector("#late")).outlineColor`;
        await page.waitForFunction(`${outline} === "rgb(4, 5, 6)"`);
        equal(
          await evaluate(page, `getComputedStyle(document.querySelector("h1")).color`),
          "rgb(1, 2, 3)",
        );
        equal(await evaluate(page, "JSON.stringify(__LV_ROUTES__)"), '{"time":"/api/time"}');
        equal(await evaluate(page, "__LV_CSRF__"), "</script><script>alert(1)</script>");
        equal(await evaluate(page, "user.name"), "<!--<script>");
        equal(await evaluate(page, "globalThis.violations"), undefined, consoleOf());
        equal(consoleOf(), "");
        // It is the policy that keeps a script without the nonce from running.
        await page.goto(`http://127.0.0.1:${port}/?foreign`);
        await works(page);
        equal(await evaluate(page, "globalThis.wasForeign"), undefined);
        equal(await evaluate(page, "globalThis.violations?.length"), 1);
        await page.close();
      });
    }, (project) => addLazyChunk(project, "lazy")),
);

browserTest(
  `production on ${runtimeName}: an open tab survives a deploy`,
  (browser) =>
    withBuiltExample(async (example) => {
      await withServe(example, ["--entry", "server.ts"], async ({ port }) => {
        const url = `http://127.0.0.1:${port}/`;
        const [open, other] = [await openPage(browser), await openPage(browser)];
        const consoleOf = recordConsole(open);
        await open.goto(url);
        await works(open);
        await markDocument(open);
        await writeLate(example.project, "second build");
        await example.deploy();
        await eventually("the next build", async () => {
          await other.goto(url);
          await other.click("#late");
          await sees(other, "#late", /build/);
          return await other.locator("#late").textContent() === "second build";
        });
        await open.click("#late");
        await sees(open, "#late", "first build");
        await works(open);
        ok(await isSameDocument(open), "the tab was reloaded");
        equal(consoleOf(), "");
        await Promise.all([open.close(), other.close()]);
      });
    }, (project) => addLazyChunk(project, "first build")),
);
