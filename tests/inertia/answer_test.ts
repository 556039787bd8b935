/**
 * Where answers send a client: redirects, back, locations, stale versions, empty answers.
 */
import { deepEqual, equal, match, rejects, throws } from "node:assert/strict";
import { createInertia, type FetchHandler, type InertiaOptions } from "../../inertia/mod.ts";
import { testSession, visit, type VisitOptions } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const inertia = createInertia();

interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function answerTo(
  handler: FetchHandler | Response,
  { path = "/here", options, ...request }: VisitOptions & {
    path?: string;
    options?: InertiaOptions;
  } = {},
): Promise<Seen> {
  const server = options === undefined ? inertia : createInertia(options);
  const response = await server.handle(
    visit(path, request),
    typeof handler === "function" ? handler : () => handler,
  );
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const redirectTo = (location: string, status = 302, headers: HeadersInit = {}): Response =>
  new Response("moved", {
    status,
    headers: { ...Object.fromEntries(new Headers(headers)), location },
  });

test("Vary: X-Inertia is on every answer, once, beside what is there", async () => {
  const varies = async (answer: Response, more: VisitOptions = {}) =>
    (await answerTo(answer, more)).headers.get("vary");
  equal(await varies(new Response("text")), "X-Inertia");
  equal(
    await varies(new Response("text", { headers: { vary: "Accept, x-inertia" } })),
    "Accept, x-inertia",
  );
  equal(await varies(new Response("text", { headers: { vary: "Accept" } })), "Accept, X-Inertia");
  equal(await varies(new Response("text", { headers: { vary: "*" } })), "*");
  equal(await varies(redirectTo("/a#b")), "X-Inertia");
  equal(await varies(redirectTo("https://sso.example/")), "X-Inertia");
  equal(await varies(Response.redirect("http://localhost/a")), "X-Inertia");
  equal(await varies(new Response(null)), "X-Inertia");
});

test("a stale client is sent away before the handler runs, on GET only, and its session waits", async () => {
  const session = testSession({ flash: { a: 1 }, errors: { default: { name: ["n"] } } });
  const options = { version: () => Promise.resolve(2), session };
  let runs = 0;
  const handler = (): Response => (runs += 1, new Response("ran"));
  const stale = await answerTo(handler, {
    path: "/users/?b=2&a=1",
    options,
    headers: { "X-Inertia-Version": "1" },
  });
  equal(stale.status, 409);
  equal(stale.headers.get("x-inertia-location"), "http://localhost/users/?b=2&a=1");
  equal(stale.headers.get("x-inertia-version"), "2");
  equal(stale.headers.get("x-inertia"), null);
  deepEqual([runs, stale.body, session.reads, session.writes], [0, "", 0, 0]);
  await answerTo(handler, { options, headers: { "X-Inertia-Version": "2" } });
  await answerTo(handler, { options, method: "POST", headers: { "X-Inertia-Version": "1" } });
  equal(runs, 2);
});

test("without the middleware, render() itself sends a stale client away, and computes no prop", async () => {
  const server = createInertia({ version: "2" });
  const response = await server.render(visit("/"), "X", {
    a: () => {
      throw new Error("it was called");
    },
  });
  equal(response.status, 409);
  equal(response.headers.get("x-inertia-location"), "http://localhost/");
});

test("X-Inertia-Version is on every page, JSON and HTML, and never on location()", async () => {
  const server = createInertia({ version: "v1" });
  const json = await server.render(visit("/", { headers: { "X-Inertia-Version": "v1" } }), "X");
  const html = await server.render(new Request("http://localhost/"), "X");
  equal(json.headers.get("x-inertia-version"), "v1");
  equal(html.headers.get("x-inertia-version"), "v1");
  equal((await server.location(visit("/"), "/other")).headers.get("x-inertia-version"), null);
});

test("a version that no field can have is refused", () => {
  for (const version of ["a\nb", "ä", "\u{1F600}"]) {
    throws(() => createInertia({ version }), /^TypeError: Cannot use ".*" as the version/);
  }
  createInertia({ version: " 1.0 (beta) ~ " });
});

test("a redirect to another origin becomes a 409 that keeps cookies and nothing of the body", async () => {
  for (
    const location of ["https://sso.example/auth#x", "//sso.example/auth", "http://localhost:81/"]
  ) {
    for (const status of [301, 302, 303]) {
      const seen = await answerTo(
        redirectTo(location, status, {
          "content-type": "text/html",
          "content-length": "5",
          "set-cookie": "a=b",
        }),
        { method: "PUT" },
      );
      equal(seen.status, 409);
      equal(seen.headers.get("x-inertia-location"), location);
      deepEqual(seen.headers.getSetCookie(), ["a=b"]);
      for (
        const name of [
          "location",
          "content-type",
          "content-length",
          "x-inertia",
          "x-inertia-redirect",
        ]
      ) {
        equal(seen.headers.get(name), null, name);
      }
      equal(seen.body, "");
    }
  }
  equal((await answerTo(redirectTo("https://sso.example/auth", 307))).status, 307);
  equal((await answerTo(redirectTo("http://", 302))).status, 302);
});

test("the origin is the browser's where our own proxy says so", async () => {
  const headers = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "app.example, inner" };
  const answer = redirectTo("https://app.example/a");
  equal((await answerTo(answer, { headers, options: { trustProxy: true } })).status, 302);
  equal((await answerTo(answer, { headers })).status, 409);
});

test("303 after PUT, PATCH and DELETE, for 301 and 302; POST, 307 and 308 stay", async () => {
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    for (
      const [status, becomes] of [[301, 303], [302, 303], [303, 303], [307, 307], [
        308,
        308,
      ]] as const
    ) {
      equal((await answerTo(redirectTo("/a", status), { method })).status, becomes);
    }
  }
  equal((await answerTo(redirectTo("/a"), { method: "POST" })).status, 302);
  equal(
    (await answerTo(Response.redirect("http://localhost/a", 302), { method: "PUT" })).status,
    303,
  );
});

test("what passes for an empty 200 sends back; a body of nothing does, too", async () => {
  const headers = { Referer: "http://localhost/form?a=1" };
  const nothing = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array());
        controller.close();
      },
    });
  for (const body of [null, "", nothing()]) {
    const seen = await answerTo(new Response(body, { headers: { "set-cookie": "a=b" } }), {
      method: "PUT",
      headers,
    });
    equal(seen.status, 303);
    equal(seen.headers.get("location"), "http://localhost/form?a=1");
    deepEqual(seen.headers.getSetCookie(), ["a=b"]);
  }
  equal((await answerTo(new Response(null), { method: "POST", headers })).status, 302);
});

test("a body stays whole, however it comes, and 204 passes", async () => {
  const pieces = ["", "one ", "", "two"];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
  const seen = await answerTo(new Response(stream, { headers: { "x-own": "1" } }));
  deepEqual([seen.status, seen.body, seen.headers.get("x-own")], [200, "one two", "1"]);
  equal((await answerTo(new Response(null, { status: 204 }))).status, 204);
});

test("a client that leaves a body ends its source", async () => {
  let reason: unknown;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(4)),
    cancel: (why) => void (reason = why),
  });
  const response = await inertia.handle(visit("/"), () => new Response(stream));
  await response.body?.cancel("left");
  equal(reason, "left");
});

// Attack: a Referer of another origin in all the forms that parsers disagree about.
test("back() never leaves the origin, whatever the Referer says", async () => {
  const hostile = [
    ...[
      "//evil",
      "http://evil",
      "https://localhost/",
      "http://localhost:81/",
      "http://localhost.evil/",
    ],
    ...[
      "javascript:alert(1)",
      "data:text/html,x",
      "\\\\evil",
      "http:\\\\evil",
      "http://evil@localhost.evil/",
    ],
    ...[
      "http://localhost@evil/",
      "",
      "about:client",
      "http://",
      "ftp://localhost/",
      "blob:http://localhost/1",
      "http:evil",
      "http:/evil",
    ],
  ];
  for (const referer of hostile) {
    for (const fallback of [undefined, "/fallback"]) {
      const request = visit("/form", { method: "POST", headers: { Referer: referer } });
      const response = await inertia.back(request, fallback === undefined ? {} : { fallback });
      equal(response.headers.get("location"), fallback ?? "/", referer);
    }
  }
  const own = visit("/form", { headers: { Referer: "http://localhost/a?b=1" } });
  equal((await inertia.back(own)).headers.get("location"), "http://localhost/a?b=1");
});

test("back() takes the session's word before the fallback, if it is ours", async () => {
  const at = async (previousUrl: string) => {
    const server = createInertia({ session: testSession({ previousUrl }) });
    return (await server.back(visit("/form"))).headers.get("location");
  };
  equal(await at("/before"), "/before");
  equal(await at("https://evil.example/"), "/");
});

test("redirect() and location() stay at the origin unless they are told to leave", async () => {
  const outside = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "http://localhost@evil.example/",
    "http://evil.example\\@localhost/",
    "http://localhost:81/",
    "https://localhost/",
    // Paths over HTTP; over HTTPS, where a proxy speaks it for us, another host.
    "http:evil.example",
    "http:/evil.example",
    "HTTPS:evil.example",
  ];
  for (const url of outside) {
    await rejects(inertia.redirect(visit("/"), url), /^TypeError: Cannot go to/, url);
    await rejects(inertia.location(visit("/"), url), /^TypeError: Cannot go to/, url);
  }
  for (const url of ["javascript:alert(1)", "data:,x", "http://"]) {
    await rejects(
      inertia.redirect(visit("/"), url, { external: true }),
      /no address of http or https/,
      url,
    );
    await rejects(
      inertia.location(visit("/"), url, { external: true }),
      /no address of http or https/,
      url,
    );
  }
  const away = await inertia.redirect(visit("/"), "https://sso.example/a", { external: true });
  deepEqual([away.status, away.headers.get("x-inertia-location")], [409, "https://sso.example/a"]);
});

test("an address can't split the header; letters beyond ASCII are encoded", async () => {
  for (const url of ["/a\r\nSet-Cookie: a=b", "/a\u0000", "/a\u0085"]) {
    await rejects(inertia.redirect(visit("/"), url), /it has a control character/);
  }
  const location = async (url: string | URL) =>
    (await inertia.redirect(visit("/"), url)).headers.get("location");
  equal(await location("/käse?q=a b"), "/k%C3%A4se?q=a%20b");
  equal(await location("/%2F%zz"), "/%2F%zz");
  equal(await location(new URL("http://localhost/a")), "http://localhost/a");
});

test("redirect() outside of the middleware follows the protocol, too", async () => {
  const put = await inertia.redirect(visit("/", { method: "PUT" }), "/a");
  equal(put.status, 303);
  const fragment = await inertia.redirect(visit("/"), "/a#b");
  deepEqual([fragment.status, fragment.headers.get("x-inertia-redirect")], [409, "/a#b"]);
  const plain = await inertia.redirect(new Request("http://localhost/"), "/a#b", { status: 301 });
  deepEqual([plain.status, plain.headers.get("location")], [301, "/a#b"]);
});

test("a path that begins with two slashes is no host for the client's history", async () => {
  const urlOf = async (path: string) =>
    (await (await inertia.render(visit(`http://localhost${path}`), "X")).json()).url;
  equal(await urlOf("//evil.example/a?b"), "/evil.example/a?b");
  equal(await urlOf("/a//b/?c=//d"), "/a//b/?c=//d");
  equal(await urlOf("/a#fragment"), "/a");
  equal(await urlOf("?a=1"), "/?a=1");
});

test("a prefix is taken of a trusted proxy, if it is a path", async () => {
  const server = createInertia({ trustProxy: true });
  const urlOf = async (prefix: string) =>
    (await (await server.render(visit("/a", { headers: { "X-Forwarded-Prefix": prefix } }), "X"))
      .json()).url;
  equal(await urlOf("/sub/dir/"), "/sub/dir/a");
  for (const prefix of ["//evil", "/\\evil", "evil", "https://evil", "/a?b", "/a b", "/"]) {
    equal(await urlOf(prefix), "/a", prefix);
  }
});

test("a handler that throws is not answered for", async () => {
  const thrown = inertia.handle(visit("/"), () => {
    throw new Error("boom");
  });
  await rejects(thrown, /boom/);
  await rejects(
    inertia.handle(visit("/"), () => Promise.reject(new Error("boom"))),
    /boom/,
  );
});

test("render() and handle() reject what they can't do, and throw nothing", async () => {
  const server = createInertia({
    version: () => {
      throw new Error("no version");
    },
  });
  await rejects(server.render(visit("/"), "A"), /no version/);
  await rejects(server.handle(visit("/"), () => new Response("ran")), /no version/);
  const fails = (): never => {
    throw new Error("no value");
  };
  const request = visit("/");
  await rejects(inertia.handle(request, () => inertia.render(request, "A", { fails })), /no value/);
});

test("the last page that a handler renders is no reason to send it for another one", async () => {
  const session = testSession();
  const server = createInertia({ session });
  const request = visit("/");
  const response = await server.handle(request, async () => {
    const first = server.render(request, "First");
    server.flash(request, { a: 1 });
    await server.render(request, "Second");
    return await first;
  });
  equal((await response.json()).component, "First");
  const again = visit("/");
  const other = await server.handle(again, () => {
    const first = server.render(again, "First");
    server.render(again, "Second");
    return first;
  });
  equal((await other.json()).component, "First");
});

test("what is done to the fields of one page is not done to the next", async () => {
  const render = (): Promise<Response> => {
    const request = visit("/");
    return inertia.handle(request, () => inertia.render(request, "A"));
  };
  const page = await render();
  page.headers.set("x-mine", "1");
  page.headers.delete("vary");
  page.headers.set("cache-control", "public");
  const { headers } = await render();
  equal(headers.get("x-mine"), null);
  equal(headers.get("vary"), "X-Inertia");
  equal(headers.get("cache-control"), "no-store, private");
  const [one, two] = ["1", "2"].map((version) => createInertia({ version }));
  for (const [server, version] of [[one, "1"], [two, "2"], [one, "1"]] as const) {
    const answer = await server?.render(
      visit("/", { headers: { "X-Inertia-Version": version } }),
      "A",
    );
    equal(answer?.headers.get("x-inertia-version"), version);
  }
});

test("a page within a page's middleware is finished once", async () => {
  const session = testSession();
  const server = createInertia({ session });
  const request = visit("/", { method: "PUT" });
  const response = await server.handle(
    request,
    () => server.handle(request, () => server.redirect(request, "/a", { flash: { a: 1 } })),
  );
  equal(response.status, 303);
  deepEqual([session.writes, session.state], [1, { flash: { a: 1 } }]);
});

test("a page of an error keeps its status and the user's fields", async () => {
  const response = await inertia.render(visit("/"), "Error", { status: 404 }, {
    status: 404,
    headers: [["set-cookie", "a=b"], ["set-cookie", "c=d"], ["vary", "Accept-Language"], [
      "x-inertia",
      "no",
    ]],
  });
  equal(response.status, 404);
  equal(response.headers.get("x-inertia"), "true");
  equal(response.headers.get("vary"), "Accept-Language, X-Inertia");
  deepEqual(response.headers.getSetCookie(), ["a=b", "c=d"]);
  match(response.headers.get("cache-control") ?? "", /no-store/);
});
