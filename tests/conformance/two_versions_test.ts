/**
 * Two builds behind one nginx that takes turns, as in the middle of a deploy: whoever asks ends up with a page (row 52
 * of the fault matrix).
 */
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { cookieSession, createInertia, type Page, readPage } from "../../inertia/mod.ts";
import { createSidecar, type Sidecar, type SidecarServer } from "../../mod.ts";
import { CookieJar } from "../_support/cookie_jar.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { NEXT_FILE, type Nginx, nginxTest, takingTurns, withNginx } from "../_support/nginx.ts";
import { ask, type RawResponse, valueOf } from "../_support/raw_http.ts";

const OLD = "AaA1bB2c";
const NEW = "BbB1cC2d";
const scriptOf = (hash: string): string => `/static/assets/main-${hash}.js`;

/** What a build of Vite leaves. */
const buildOf = (root: string, hash: string): Readonly<Record<string, string>> => ({
  [`${root}/dist/assets/main-${hash}.js`]: `console.log("${hash}")`,
  [`${root}/dist/index.html`]:
    `<!doctype html><html><head><script type="module" src="${scriptOf(hash)}"></script></head>` +
    `<body><div id="app"></div></body></html>`,
  [`${root}/dist/.vite/manifest.json`]: JSON.stringify({
    "index.html": { file: `assets/main-${hash}.js`, src: "index.html", isEntry: true },
  }),
});

// --- the servers

interface Version {
  readonly sidecar: Sidecar;
  readonly server: SidecarServer;
}

function createApp({ page, versionId }: Sidecar): (request: Request) => Promise<Response> {
  const session = cookieSession({ keys: "a secret of these tests that is long enough" });
  const inertia = createInertia({ page, version: versionId, session });
  return (request) =>
    inertia.handle(
      request,
      () =>
        request.method === "POST"
          ? inertia.redirect(request, "/notes", { flash: { message: "saved" } })
          : inertia.render(request, "Notes", { version: versionId }),
    );
}

async function startVersion(root: string): Promise<Version> {
  const sidecar = await createSidecar({ root, dev: false, mode: "hybrid" }, { env: {} });
  return { sidecar, server: sidecar.serve(createApp(sidecar), { port: 0 }) };
}

interface Scene {
  readonly nginx: Nginx;
  readonly older: Version;
  readonly newer: Version;
}

async function withTwoVersions(run: (scene: Scene) => Promise<void>, locations?: string) {
  const builds = { ...buildOf("old", OLD), ...buildOf("new", NEW) };
  await inFolder(builds, async (folder: Folder) => {
    const older = await startVersion(folder.at("old"));
    const newer = await startVersion(folder.at("new"));
    notEqual(older.sidecar.versionId, newer.sidecar.versionId);
    try {
      const options = takingTurns([older.server.port, newer.server.port], locations);
      await withNginx(folder, options, (nginx) => run({ nginx, older, newer }));
    } finally {
      await older.sidecar.close();
      await newer.sidecar.close();
    }
  });
}

// --- a client that does what the protocol says

/** After so many answers it is a loop. */
const MAX_ANSWERS = 6;

interface Ended {
  readonly page: Page;
  /** The statuses on the way to it. */
  readonly statuses: readonly number[];
  /** How often a document was loaded. */
  readonly documents: number;
}

class Client {
  readonly #jar: CookieJar;
  readonly #origin: string;
  #version = "";

  constructor({ port }: Nginx) {
    this.#origin = `http://127.0.0.1:${port}`;
    this.#jar = new CookieJar((request) => this.#send(request));
  }

  /** The version of the assets that it runs on. */
  get version(): string {
    return this.#version;
  }

  #send(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const body = method === "GET" ? null : "{}";
    return fetch(this.#origin + pathname + search, { method, headers, body, redirect: "manual" });
  }

  async #document(url: string): Promise<Response> {
    const headers = { accept: "text/html", cookie: this.#jar.field };
    const response = await fetch(url, { headers, redirect: "manual" });
    this.#jar.keep(response);
    return response;
  }

  async open(path: string): Promise<Ended> {
    const page = await readPage(await this.#document(this.#origin + path));
    this.#version = page.version ?? "";
    return { page, statuses: [200], documents: 1 };
  }

  /** @param meanwhile What somebody else does between a 409 and the document. */
  async visit(
    path: string,
    method = "GET",
    meanwhile: () => Promise<unknown> = async () => {},
  ): Promise<Ended> {
    const statuses: number[] = [];
    let documents = 0;
    let response = await this.#visit(path, method);
    for (;;) {
      statuses.push(response.status);
      if (response.status === 200) break;
      if (statuses.length === MAX_ANSWERS) throw new Error(`Cannot end a visit: ${statuses}`);
      const { headers } = response;
      await response.body?.cancel();
      const location = headers.get("x-inertia-location");
      if (response.status === 409 && location !== null) {
        documents++;
        await meanwhile();
        response = await this.#document(location);
      } else {
        // A browser follows by itself, with the same fields.
        const target = new URL(headers.get("location") ?? "", this.#origin);
        response = await this.#visit(target.pathname, "GET");
      }
    }
    const page = await readPage(response);
    this.#version = page.version ?? "";
    return { page, statuses, documents };
  }

  #visit(path: string, method: string): Promise<Response> {
    const headers = { "X-Inertia-Version": this.#version, "content-type": "application/json" };
    return this.#jar.send(path, { method, headers });
  }
}

// --- what holds

nginxTest(
  "every visit between two versions ends with a page, after one document at most",
  () =>
    withTwoVersions(async ({ nginx, older, newer }) => {
      const client = new Client(nginx);
      await client.open("/notes");
      // Somebody else asks now and then, and the turns are others: else the same server gave all documents.
      const other = (): Promise<RawResponse> => nginx.ask({ target: "/notes" });
      let conflicts = 0;
      const versions = new Set<string>();
      for (let count = 0; count < 30; count++) {
        const meanwhile = count % 4 === 0 ? other : undefined;
        const visit = client.visit(`/notes?n=${count}`, "GET", meanwhile);
        const { page, statuses, documents } = await visit;
        // Straight to the page, or by way of one document.
        deepEqual(statuses, documents === 0 ? [200] : [409, 200]);
        equal(page.url, `/notes?n=${count}`);
        equal(page.version, page.props["version"]);
        conflicts += documents;
        versions.add(client.version);
        if (count % 3 === 0) await other();
      }
      ok(conflicts >= 10 && conflicts < 30, `${conflicts} conflicts`);
      const both = [older, newer].map(({ sidecar }) => sidecar.versionId);
      deepEqual([...versions].sort(), both.sort());
    }),
);

nginxTest(
  "what a form leaves for the next page comes with the document that a 409 leads to",
  () =>
    withTwoVersions(async ({ nginx }) => {
      const client = new Client(nginx);
      await client.open("/notes");
      const ways = new Set<string>();
      for (let count = 0; count < 12; count++) {
        const { page, statuses } = await client.visit("/notes", "POST");
        deepEqual(page.flash, { message: "saved" });
        ways.add(statuses.join(" "));
        const next = await client.visit("/notes");
        equal(next.page.flash, undefined);
        if (count % 3 === 0) await nginx.ask({ target: "/notes" });
      }
      deepEqual([...ways].sort(), ["302 200", "302 409 200"]);
    }),
);

function isNoPage({ status, fields, body }: RawResponse): void {
  equal(status, 404);
  equal(valueOf(fields, "cache-control"), "no-store");
  ok(!/html/.test(valueOf(fields, "content-type") ?? ""));
  ok(!body.toString().includes("<"), body.toString());
}

nginxTest(
  "a script of the other build is 404 and not stored, never a page",
  () =>
    withTwoVersions(async ({ nginx, older, newer }) => {
      const fields = [["accept", "*/*"], ["sec-fetch-dest", "script"]] as const;
      const cases = [[older, OLD, NEW], [newer, NEW, OLD]] as const;
      for (const [{ server }, own, other] of cases) {
        equal((await ask(server.port, { target: scriptOf(own), fields })).status, 200);
        isNoPage(await ask(server.port, { target: scriptOf(other), fields }));
      }
      // nginx takes turns with scripts, too.
      const statuses = new Set<number>();
      for (let count = 0; count < 4; count++) {
        const answer = await nginx.ask({ target: scriptOf(OLD), fields });
        statuses.add(answer.status);
        if (answer.status !== 200) isNoPage(answer);
      }
      deepEqual([...statuses].sort(), [200, 404]);
    }),
);

nginxTest(
  "with proxy_next_upstream every script of both builds is found",
  () =>
    withTwoVersions(async ({ nginx }) => {
      for (let count = 0; count < 10; count++) {
        for (const hash of [OLD, NEW]) {
          const { status, fields, body } = await nginx.ask({ target: scriptOf(hash) });
          equal(`${status} ${body}`, `200 console.log("${hash}")`);
          match(valueOf(fields, "cache-control") ?? "", /immutable/);
        }
      }
      isNoPage(await nginx.ask({ target: scriptOf("CcC1dD2e") }));
    }, NEXT_FILE),
);
