/** @jsxImportSource hono/jsx */
import type { FrontTools } from "@lv/sidecar";
import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { NONCE, secureHeaders } from "hono/secure-headers";

const POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: [NONCE, "'strict-dynamic'"],
  styleSrc: ["'self'", NONCE],
  imgSrc: ["'self'", "data:"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
};

interface PageProps {
  readonly title: string;
  /** What the page loads, as HTML. */
  readonly tags: string;
  readonly children?: Child;
}

function Page({ title, tags, children }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>{title}</title>
        {raw(tags)}
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

function Counter({ count }: { readonly count: number }) {
  return (
    <form method="post" action="/count">
      <output id="count">{count}</output> <button type="submit">Count</button>
    </form>
  );
}

/** Makes the app: `front` knows the tags, of the sources in development and of the build in production. */
export function createApp(front: FrontTools) {
  let count = 0;
  const app = new Hono();
  // Forms of other sites are refused by their Origin; no token has to be in the page.
  app.use(csrf());
  // The policy allows what carries the nonce of the request, and the tags carry it.
  app.use(secureHeaders({ contentSecurityPolicy: POLICY }));

  app.get("/", (c) => {
    const nonce = c.get("secureHeadersNonce");
    const tags = front.tags(
      ["src/site.ts", "src/counter.ts"],
      nonce === undefined ? {} : { nonce },
    );
    return c.html(
      <>
        {raw("<!doctype html>")}
        <Page title="Counted & kept" tags={tags}>
          <Counter count={count} />
        </Page>
      </>,
    );
  });

  app.post("/count", (c) => {
    count++;
    // The script wants the number, the form without a script the page.
    return c.req.header("accept") === "text/plain" ? c.text(String(count)) : c.redirect("/", 303);
  });

  return app;
}
