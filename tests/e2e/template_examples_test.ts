/** Examples whose pages are of a template engine, by the commands of their READMEs: with Vite, and built. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { buildProject, serveProject } from "../_support/built_session.ts";
import { copyExample } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

type Mode = "dev" | "built";

const READY_MS = 60_000;

async function withExample(
  name: string,
  entry: string,
  run: (url: URL, mode: Mode) => Promise<void>,
): Promise<void> {
  const project = await copyExample(name);
  const start = {
    dev: () =>
      startSidecar(["dev", "--port", "0", "--json", "--entry", entry], {
        cwd: project.root,
      }),
    built: () => serveProject(project, ["--entry", entry]),
  };
  try {
    await buildProject(project);
    for (const mode of ["dev", "built"] as const) {
      const program = start[mode]();
      try {
        const { url } = await program.ready(READY_MS);
        await run(new URL(url), mode);
      } catch (cause) {
        throw new Error(`${mode}: ${cause}\n${program.stderr()}`, { cause });
      } finally {
        await program.stop();
      }
    }
  } finally {
    await project.remove();
  }
}

async function readPage(url: URL): Promise<readonly [string, Headers]> {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  equal(response.status, 200);
  match(response.headers.get("content-type") ?? "", /^text\/html/);
  return [await response.text(), response.headers];
}

/** Asks for everything that a page loads, as a browser does; returns the paths. */
async function loadAll(html: string, page: URL): Promise<string[]> {
  const tags = html.matchAll(
    /<(script|link)\b[^>]*? (?:src|href)="(\/[^"]*)"/g,
  );
  const paths: string[] = [];
  for (const [, tag, path = ""] of tags) {
    const isStyle = path.endsWith(".css") && tag === "link";
    const response = await fetch(new URL(path, page), {
      headers: {
        "sec-fetch-dest": isStyle ? "style" : "script",
        accept: "*/*",
      },
    });
    equal(response.status, 200, path);
    const type = response.headers.get("content-type") ?? "";
    match(type, isStyle ? /^text\/css/ : /^text\/javascript/, path);
    await response.body?.cancel();
    paths.push(path);
  }
  return paths;
}

/** Case: /static/assets/site-B1a_x.js -> /static/assets/site.js */
const withoutHash = (path: string): string => path.replace(/-[\w-]{8}(?=\.\w+$)/, "");

test(`the Vento example renders working tags, with Vite and built (${runtimeName})`, async () => {
  await withExample("vento", "app.ts", async (url, mode) => {
    const [guests] = await readPage(url);
    match(guests, /^<!doctype html>/);
    match(guests, /<li>Ada &lt;ada@example\.com&gt;<\/li>/);
    match(
      guests,
      /<script>window\["__LV_ROUTES__"\]=\{"guests":"\/guests"\};<\/script>/,
    );
    const [about] = await readPage(new URL("/about", url));
    const loaded = [await loadAll(guests, url), await loadAll(about, url)];
    deepEqual(
      loaded.map((paths) => paths.map(withoutHash)),
      {
        dev: [
          [
            "/static/@vite/client",
            "/static/src/site.ts",
            "/static/src/guests.ts",
          ],
          ["/static/@vite/client", "/static/src/site.ts"],
        ],
        built: [
          [
            ...["/static/assets/site.js", "/static/assets/guests.js"],
            ...["/static/assets/site.css", "/static/assets/guests.css"],
          ],
          ["/static/assets/site.js", "/static/assets/site.css"],
        ],
      }[mode],
    );
    const signed = await fetch(new URL("/guests", url), {
      method: "POST",
      body: "<b>Bo</b>",
    });
    equal(signed.status, 201);
    await signed.body?.cancel();
    match((await readPage(url))[0], /<li>&lt;b&gt;Bo&lt;\/b&gt;<\/li>/);
  });
});

test(`the example with Hono's JSX renders working tags under a policy, with Vite and built (${runtimeName})`, async () => {
  await withExample("hono-jsx", "app.tsx", async (url, mode) => {
    const [html, headers] = await readPage(url);
    match(html, /^<!doctype html><html lang="en">/);
    match(html, /<title>Counted &amp; kept<\/title>/);
    const [, nonce = ""] = /script-src 'nonce-([^']+)'/.exec(
      headers.get("content-security-policy") ?? "",
    ) ?? [];
    ok(nonce !== "");
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) {
      ok(tag.includes(`nonce="${nonce}"`), tag);
    }
    const loaded = await loadAll(html, url);
    deepEqual(
      loaded.map(withoutHash),
      {
        dev: [
          "/static/@vite/client",
          "/static/src/site.ts",
          "/static/src/counter.ts",
        ],
        built: [
          ...["/static/assets/site.js", "/static/assets/counter.js"],
          ...["/static/assets/site.css", "/static/assets/counter.css"],
        ],
      }[mode],
    );
    const form = {
      "content-type": "application/x-www-form-urlencoded",
      accept: "text/plain",
    };
    const count = (origin: string): Promise<Response> =>
      fetch(new URL("/count", url), {
        method: "POST",
        headers: { ...form, origin },
      });
    equal(await (await count(url.origin)).text(), "1");
    const foreign = await count("http://evil.example");
    equal(foreign.status, 403);
    await foreign.body?.cancel();
  });
});
