/**
 * The server of the tests with Inertia's real clients: an app on the public interface, and what it saw.
 *
 * @module
 */
import {
  cookieSession,
  createInertia,
  deepMerge,
  defer,
  type DocumentSource,
  type Inertia,
  merge,
  once,
  optional,
  prepend,
  scroll,
} from "@lv/sidecar/inertia";
import { z } from "zod";

/** A request that reached the app. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly header: (name: string) => string | null;
  readonly isInertia: boolean;
}

/** How the app is set up. */
export interface InertiaAppOptions {
  readonly page: DocumentSource;
  readonly protocol: 2 | 3;
  /** Another origin, for what leads away. */
  readonly elsewhere: string;
}

/** The app, and what a test finds out about it and changes in it. */
export interface InertiaApp {
  fetch(request: Request): Promise<Response>;
  /** The version of the assets; another one is a deploy. */
  version: string;
  /** What was asked, in order. */
  readonly asked: Asked[];
  /** How often each counted prop was computed. */
  readonly calls: Map<string, number>;
  /** What `report` was told. */
  readonly reports: unknown[];
  /** Lets the deferred props of a gate go on; before, they wait. */
  open(gate: string): void;
  /** Forgets everything of the last scenario. */
  reset(): void;
}

interface Visit {
  readonly request: Request;
  readonly url: URL;
  readonly inertia: Inertia;
  readonly elsewhere: string;
  /** Counts a call, and gives its number. */
  count(name: string): number;
  /** Waits until a gate is open. */
  wait(gate: string): Promise<void>;
}

type Answer = (visit: Visit) => Response | Promise<Response>;

const PERSON = z.object({
  name: z.string().trim().min(1, "Who is it?"),
  address: z.object({ city: z.string().min(1, "Where is it?") }),
});
const COMPANY = z.object({ name: z.string().min(3, "Three letters at least") });

/** Rows of the endless list, and how many of them a page has. */
export const SCROLL = { total: 200, limit: 20 } as const;

const LINKS = [
  { text: "users", href: "/users" },
  { text: "users by hover", href: "/users?prefetched", prefetch: "hover" },
  { text: "forms", href: "/forms" },
  { text: "secret", href: "/secret" },
  { text: "fragment", href: "/fragment" },
  { text: "nowhere", href: "/nowhere" },
  { text: "leave", href: "/leave", method: "post" },
  { text: "moved", href: "/moved" },
  { text: "change", href: "/change", method: "put" },
  { text: "once", href: "/once/a" },
] as const;

const home: Answer = ({ request, inertia, count }) =>
  inertia.render(request, "Home", {
    greeting: "hello </script><!-- \u2028",
    time: () => count("time"),
    people: () => [`person ${count("people")}`],
    "nested": { one: () => count("nested.one"), two: () => count("nested.two") },
    filters: optional(() => `filters ${count("filters")}`),
    links: LINKS,
    reloads: [
      { text: "time", options: { only: ["time"] } },
      { text: "not people", options: { except: ["people"] } },
      { text: "one of two", options: { only: ["nested.one"] } },
      { text: "filters", options: { only: ["filters"] } },
    ],
  });

const users: Answer = ({ request, inertia, count }) =>
  inertia.render(request, "Users", {
    users: ["Ada", "Grace"],
    visits: () => count("users"),
    links: [{ text: "home", href: "/" }, { text: "users", href: "/users" }],
  });

const deferred: Answer = ({ request, inertia, count, wait }) =>
  inertia.render(request, "Deferred", {
    quick: defer(() => `quick ${count("quick")}`),
    slow: defer(
      async () => {
        await wait("slow");
        return `slow ${count("slow")}`;
      },
      { group: "slow" },
    ),
    slower: defer(() => `slower ${count("slower")}`, { group: "slow" }),
    broken: defer(
      (): string => {
        throw new Error("broken on purpose");
      },
      { group: "broken", rescue: true },
    ),
  });

const visible: Answer = ({ request, inertia, count }) =>
  inertia.render(request, "Visible", { late: optional(() => `late ${count("late")}`) });

const endless: Answer = ({ request, url, inertia, count }) =>
  inertia.render(request, "Scroll", {
    other: () => count("other"),
    rows: scroll(() => {
      const { total, limit } = SCROLL;
      const offset = (Number(url.searchParams.get("page") ?? 1) - 1) * limit;
      const length = Math.min(limit, total - offset);
      return {
        items: Array.from({ length }, (_, at) => ({ id: offset + at })),
        limit,
        offset,
        total,
      };
    }),
  });

const merged: Answer = ({ request, inertia, count }) => {
  const n = (name: string): number => count(name);
  return inertia.render(request, "Merge", {
    added: merge(() => [n("added")]),
    newest: prepend(() => [n("newest")]),
    matched: merge(() => [{ id: 1, n: n("matched") }, { id: n("matched") }], { matchOn: "id" }),
    settings: deepMerge(() => ({ kept: { [`k${n("settings")}`]: true }, list: [n("settings")] })),
    reloads: [
      { text: "more", options: { only: ["added", "newest", "matched", "settings"] } },
      { text: "reset", options: { only: ["added", "newest"], reset: ["added"] } },
    ],
  });
};

const keptOnce = (name: "A" | "B"): Answer => ({ request, inertia, count }) =>
  inertia.render(request, `Once${name}`, {
    plans: once(() => `plans ${count("plans")}`),
    rates: once(() => `rates ${count("rates")}`, { as: "rates-of-today", until: 3600 }),
    fresh: once(() => `fresh ${count("fresh")}`, { fresh: true }),
    links: [{ text: "a", href: "/once/a" }, { text: "b", href: "/once/b" }],
    reloads: [{ text: "plans", options: { only: ["plans"] } }],
  });

const forms: Answer = ({ request, inertia }) =>
  inertia.render(request, "Forms", { links: [{ text: "users", href: "/users" }] });

const addPerson: Answer = async ({ request, inertia }) => {
  const form = await inertia.validate(request, PERSON);
  if (!form.ok) return form.response;
  return await inertia.redirect(request, "/users", {
    flash: { message: `${form.value.name} of ${form.value.address.city} is saved` },
  });
};

const addCompany: Answer = async ({ request, inertia }) => {
  const form = await inertia.validate(request, COMPANY);
  if (!form.ok) return form.response;
  inertia.flash(request, { message: `${form.value.name} is saved` });
  return await inertia.back(request);
};

const upload: Answer = async ({ request, inertia }) => {
  const data = await request.formData();
  const files = [...data.entries()].filter(([, value]) => typeof value !== "string");
  const texts = await Promise.all(files.map(([, file]) => (file as File).text()));
  const names = files.map(([field, file]) => `${field}=${(file as File).name}`);
  return await inertia.back(request, { flash: { title: data.get("title"), names, texts } });
};

const poll: Answer = ({ request, inertia, count }) =>
  inertia.render(request, "Poll", {
    ticks: () => count("ticks"),
    other: () => count("other"),
    links: [{ text: "home", href: "/" }],
  });

const secret: Answer = ({ request, inertia, count }) =>
  inertia.render(request, "Secret", {
    secret: () => `the secret ${count("secret")}`,
    links: [{ text: "home", href: "/" }, { text: "logout", href: "/logout", method: "post" }],
  }, { encryptHistory: true });

const logout: Answer = ({ request, inertia }) => {
  inertia.clearHistory(request);
  return inertia.redirect(request, "/users");
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  "GET /": home,
  "GET /users": users,
  "GET /deferred": deferred,
  "GET /visible": visible,
  "GET /scroll": endless,
  "GET /merge": merged,
  "GET /once/a": keptOnce("A"),
  "GET /once/b": keptOnce("B"),
  "GET /forms": forms,
  "POST /people": addPerson,
  "POST /companies": addCompany,
  "POST /upload": upload,
  "GET /poll": poll,
  "GET /secret": secret,
  "POST /logout": logout,
  "PUT /change": ({ request, inertia }) => inertia.redirect(request, "/users"),
  "GET /fragment": ({ request, inertia }) => inertia.redirect(request, "/users#kept"),
  "POST /leave": ({ request, inertia, elsewhere }) =>
    inertia.location(request, `${elsewhere}/left`, { external: true }),
  "GET /moved": ({ request, inertia, elsewhere }) =>
    inertia.redirect(request, `${elsewhere}/moved`, { external: true }),
};

const nowhere: Answer = ({ request, inertia }) =>
  inertia.render(request, "Nowhere", { status: 404 }, { status: 404 });

/** Creates the app. */
export function createInertiaApp(options: InertiaAppOptions): InertiaApp {
  const calls = new Map<string, number>();
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (name: string): PromiseWithResolvers<void> => {
    const known = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, known);
    return known;
  };
  const count = (name: string): number => {
    const next = (calls.get(name) ?? 0) + 1;
    calls.set(name, next);
    return next;
  };
  const reports: unknown[] = [];
  const inertia = createInertia({
    page: options.page,
    version: () => app.version,
    // With it comes the check of forms: each client brings the token along by itself.
    session: cookieSession({ keys: "a secret of these tests that is long enough" }),
    protocol: options.protocol,
    // Most scenarios begin with a page that the client renders itself.
    ssr: { disabled: ({ url }) => !new URL(url).searchParams.has("ssr") },
    share: () => ({ app: { name: "fixture" } }),
    report: (error) => void reports.push(error),
  });
  const wait = (name: string): Promise<void> => gate(name).promise;
  const app: InertiaApp = {
    version: "1",
    asked: [],
    calls,
    reports,
    open: (name) => gate(name).resolve(),
    reset() {
      app.version = "1";
      app.asked.length = 0;
      reports.length = 0;
      calls.clear();
      gates.clear();
    },
    fetch(request) {
      const url = new URL(request.url);
      app.asked.push(askedOf(request, url));
      const answer = ANSWERS[`${request.method} ${url.pathname}`] ?? nowhere;
      const { elsewhere } = options;
      const visit = { request, url, inertia, elsewhere, count, wait };
      return inertia.handle(request, () => answer(visit));
    },
  };
  return app;
}

function askedOf({ method, headers }: Request, { pathname, search }: URL): Asked {
  // The headers of a request are gone with it on some servers.
  const kept = new Headers(headers);
  return {
    method,
    path: pathname + search,
    header: (name) => kept.get(name),
    isInertia: kept.has("x-inertia"),
  };
}
