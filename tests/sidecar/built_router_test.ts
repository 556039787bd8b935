import { equal } from "node:assert/strict";
import { routeBuilt } from "../../sidecar/built_router.ts";
import { compileRoutes } from "../../sidecar/known_routes.ts";
import { test } from "../_support/test.ts";

type Headers = Readonly<Record<string, string>>;

interface Setting {
  readonly hasApp?: boolean;
  readonly app?: readonly string[];
  readonly known?: readonly string[];
  readonly files?: readonly string[];
  readonly pagePath?: string | undefined;
}

function route(path: string, headers: Headers, setting: Setting, method = "GET"): string {
  const { hasApp = true, app = [], known = [], files = [] } = setting;
  const pagePath = "pagePath" in setting ? setting.pagePath : "/";
  const request = { method, path, search: "", header: (name: string) => headers[name] ?? null };
  return routeBuilt(request, {
    hasApp,
    appRoutes: compileRoutes(app),
    knownRoutes: compileRoutes(known),
    hasFile: (asked) => files.includes(asked),
    pagePath,
  }).kind;
}

type Row = readonly [path: string, headers: Headers, expected: string, method?: string];

function table(rows: readonly Row[], setting: Setting = {}): void {
  for (const [path, headers, expected, method] of rows) {
    const label = `${method ?? "GET"} ${path} ${JSON.stringify(headers)}`;
    equal(route(path, headers, setting, method), expected, label);
  }
}

const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
// What Chromium sends for each.
const DOCUMENT = { accept: HTML, "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" };
const FRAME = { accept: HTML, "sec-fetch-dest": "iframe" };
const SCRIPT = { accept: "*/*", "sec-fetch-dest": "script" };
const IMAGE = { accept: "image/avif,image/webp,*/*;q=0.8", "sec-fetch-dest": "image" };
const FETCH = { accept: "*/*", "sec-fetch-dest": "empty" };
// Over plain HTTP browsers send no Sec-Fetch-*; programs send neither.
const PLAIN = { accept: HTML };
const ANY = { accept: "*/*" };

const MISTAKES: readonly (readonly [string, Headers])[] = [
  ["/api", DOCUMENT],
  ["/api/", DOCUMENT],
  ["/api/nope", DOCUMENT],
  ["/api/nope", FETCH],
  ["/missing.js", SCRIPT],
  ["/missing.js", DOCUMENT],
  ["/assets/missing.css", PLAIN],
  ["/favicon.ico", IMAGE],
  ["/favicon.ico", PLAIN],
  ["/robots.txt", PLAIN],
  ["/nope", FETCH],
  ["/nope", ANY],
  ["/nope", {}],
  ["/.well-known/appspecific/com.chrome.devtools.json", DOCUMENT],
  ["/.well-known/security", PLAIN],
];

test("routeBuilt() answers a typo with the page for nobody, and asks only an app that is there", () => {
  table(MISTAKES.map(([path, headers]) => [path, headers, "nobody"]), { hasApp: false });
  table(MISTAKES.map(([path, headers]) => [path, headers, "app"]));
});

const DOCUMENTS: readonly Row[] = [
  ["/", DOCUMENT, "page"],
  ["/", PLAIN, "page"],
  // The page's own address, which tools ask for with any Accept or none.
  ["/", {}, "page"],
  ["/index.html", ANY, "page"],
  ["/users/5", DOCUMENT, "page"],
  ["/users/5", PLAIN, "page"],
  ["/users/5", FRAME, "page"],
  ["/v1.2/notes", DOCUMENT, "page"],
  ["/apis", DOCUMENT, "page"],
  ["/users/5", DOCUMENT, "page", "HEAD"],
];

test("routeBuilt() answers documents with the page, after an app's own 404", () => {
  table(DOCUMENTS, { hasApp: false });
  const asked = DOCUMENTS.map(([path, headers, , method]): Row =>
    method === undefined ? [path, headers, "app-or-page"] : [path, headers, "app-or-page", method]
  );
  table(asked);
});

test("routeBuilt() gives what changes something to the app", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    table([["/", DOCUMENT, "app", method], ["/users/5", DOCUMENT, "app", method]]);
    table([["/", DOCUMENT, "nobody", method]], { hasApp: false });
  }
});

test("routeBuilt() serves built files whatever the method: they know which ones they take", () => {
  const files = ["/static/a.js", "/api/schema.json"];
  for (const method of ["GET", "HEAD", "POST"]) {
    table([
      ["/static/a.js", SCRIPT, "file", method],
      ["/static/a.js", DOCUMENT, "file", method],
      ["/api/schema.json", FETCH, "file", method],
    ], { files });
  }
});

test("routeBuilt() puts what the configuration gives to the app before files and the page", () =>
  table([
    ["/reports/2026", DOCUMENT, "app"],
    ["/static/a.js", SCRIPT, "app"],
    ["/users", DOCUMENT, "app-or-page"],
  ], { app: ["/reports/*", "/static/*"], files: ["/static/a.js"] }));

test("routeBuilt() gives the app's known routes to it alone, but no built file", () =>
  table([
    ["/books/5", DOCUMENT, "app"],
    ["/books/5", FETCH, "app"],
    ["/books/cover.png", IMAGE, "file"],
    ["/books", DOCUMENT, "app-or-page"],
  ], { known: ["/books/{id}"], files: ["/books/cover.png"] }));

test("routeBuilt() keeps the page below spaPath", () => {
  const pagePath = "/ui/";
  table([
    ["/ui", DOCUMENT, "app-or-page"],
    ["/ui/", ANY, "app-or-page"],
    ["/ui/index.html", {}, "app-or-page"],
    ["/ui/users/5", DOCUMENT, "app-or-page"],
    ["/ui/missing.js", SCRIPT, "app"],
    ["/", DOCUMENT, "app"],
    ["/index.html", DOCUMENT, "app"],
    ["/uix", DOCUMENT, "app"],
    ["/u", DOCUMENT, "app"],
  ], { pagePath });
  table([["/", DOCUMENT, "nobody"], ["/ui", DOCUMENT, "page"]], { pagePath, hasApp: false });
});

test("routeBuilt() has no page where the app makes them", () =>
  table([["/", DOCUMENT, "app"], ["/users/5", DOCUMENT, "app"]], { pagePath: undefined }));

test("routeBuilt() gives sockets to the app, and none to a tab that was open while Vite ran", () => {
  const socket = (protocol?: string): Headers => ({
    upgrade: "WebSocket",
    connection: "Upgrade",
    ...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
  });
  const rows = (kind: string): Row[] => [
    ["/live", socket(), kind],
    ["/", socket("graphql-ws"), kind],
    ["/", socket("vite-hmr"), "nobody"],
    ["/static/", socket("vite-ping"), "nobody"],
  ];
  table(rows("app-socket"));
  table(rows("nobody"), { hasApp: false });
  table([["/live", socket(), "app-socket"]], { files: ["/live"], app: ["/live"] });
});
