/**
 * What the type checker lets through, and what it does not: each line under `@ts-expect-error` is an error, or this is.
 */
import { ok } from "node:assert/strict";
import { join } from "node:path";
import { createProject } from "../_support/project.ts";
import { runDeno } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";

const PAGES = `
import {
  always, createInertia, deepMerge, defer, lazy, merge, once, optional, paginator, prepend, provide, scroll,
} from "@lv/sidecar/inertia";
import type { ClientProps, InertiaSession, PageProps, PagesOf, StandardSchema } from "@lv/sidecar/inertia";

interface User { readonly id: number; readonly name: string; readonly email?: string }
interface Pages {
  "Users/Index": { users: User[]; stats?: { total: number }; filters?: string[] };
  "Home": { readonly greeting?: string };
  "Report": { createdAt: string; author: User | null };
}
interface Shared { auth: { user: User | null } }
const inertia = createInertia<Pages, Shared>({ share: () => ({ auth: { user: null } }) });
declare const request: Request;
const users: User[] = [{ id: 1, name: "Ada" }];
export {
  always, createInertia, deepMerge, defer, inertia, lazy, merge, once, optional, paginator, prepend, provide, request,
  scroll, users,
};
export type { ClientProps, InertiaSession, PageProps, Pages, PagesOf, Shared, StandardSchema, User };
`;

const IMPORTS = `import {
  always, createInertia, deepMerge, defer, inertia, lazy, merge, once, optional, paginator, prepend, provide, request,
  scroll, users,
} from "./pages.ts";
import type { ClientProps, InertiaSession, PageProps, Pages, PagesOf, Shared, StandardSchema, User } from "./pages.ts";
void [always, createInertia, deepMerge, defer, inertia, lazy, merge, once, optional, paginator, prepend, provide];
void [request, scroll, users];
export type Used = [ClientProps<{}>, InertiaSession, PageProps<Pages, "Home">, Pages, PagesOf<{}>, Shared, StandardSchema, User];
`;

/** Fails if the two types are not the same. */
const EQUAL = `
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
type Flat<T> = T extends readonly (infer I)[] ? readonly Flat<I>[] : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;
const same = <A, B>(_: Same<Flat<A>, Flat<B>>): void => {};
void same;
`;

const SNIPPETS: Readonly<Record<string, string>> = {
  "render() takes the props of the component": `
await inertia.render(request, "Users/Index", { users });
await inertia.render(request, "Users/Index", { users, stats: { total: 1 }, filters: [] });
await inertia.render(request, "Home");
await inertia.render(request, "Home", {}, { status: 404 });`,

  "render() takes functions, promises and every kind of prop for a prop that is there": `
await inertia.render(request, "Users/Index", { users: () => users });
await inertia.render(request, "Users/Index", { users: async ({ signal }) => { signal.throwIfAborted(); return users; } });
await inertia.render(request, "Users/Index", { users: Promise.resolve(users) });
await inertia.render(request, "Users/Index", { users: always(users) });
await inertia.render(request, "Users/Index", { users: merge(() => users, { matchOn: "id" }) });
await inertia.render(request, "Users/Index", { users: deepMerge(users) });
await inertia.render(request, "Users/Index", { users: prepend(async () => users) });
await inertia.render(request, "Users/Index", { users: once(() => users, { as: "users", until: 60 }) });
await inertia.render(request, "Users/Index", { users: () => merge(users) });`,

  "render() takes deferred and optional props where the client knows that they may be missing": `
await inertia.render(request, "Users/Index", { users, stats: defer(() => ({ total: 1 }), { group: "side", rescue: true }) });
await inertia.render(request, "Users/Index", { users, stats: defer(async () => ({ total: 1 })), filters: optional(() => ["a"]) });
await inertia.render(request, "Users/Index", { users, filters: lazy(() => ["a"]) });
await inertia.render(request, "Users/Index", { users, stats: () => defer(() => ({ total: 1 })) });`,

  "render() takes pages of lists, and scrolls": `
const page = { items: users, limit: 10, offset: 0, total: 1 };
await inertia.render(request, "Users/Index", { users: page });
await inertia.render(request, "Users/Index", { users: () => page });
await inertia.render(request, "Users/Index", { users: scroll(() => page) });
await inertia.render(request, "Users/Index", { users: scroll({ items: users, page_size: 1, current_page: 1, total_pages: 1 }) });`,

  "render() takes dates for texts, and props within props": `
await inertia.render(request, "Report", { createdAt: new Date(), author: null });
await inertia.render(request, "Report", { createdAt: () => new Date(), author: { id: 1, name: () => "Ada", email: optional(() => "a@b.c") } });`,

  "render() refuses another component": `
// @ts-expect-error no such component
await inertia.render(request, "Users/Show", { users });`,

  "render() refuses a prop of another type": `
// @ts-expect-error a text is no list
await inertia.render(request, "Users/Index", { users: "Ada" });
// @ts-expect-error a function that gives a text
await inertia.render(request, "Users/Index", { users: () => "Ada" });
// @ts-expect-error a promise of a text
await inertia.render(request, "Users/Index", { users: async () => "Ada" });
// @ts-expect-error users without a name
await inertia.render(request, "Users/Index", { users: [{ id: 1 }] });
// @ts-expect-error merged texts
await inertia.render(request, "Users/Index", { users: merge(() => ["Ada"]) });
// @ts-expect-error deferred texts
await inertia.render(request, "Users/Index", { users, stats: defer(() => "many") });
// @ts-expect-error a page of texts
await inertia.render(request, "Users/Index", { users: { items: ["Ada"], limit: 1, offset: 0, total: 1 } });`,

  "render() refuses what is missing, and what nobody knows": `
// @ts-expect-error users are missing
await inertia.render(request, "Users/Index", {});
// @ts-expect-error all props are missing
await inertia.render(request, "Users/Index");
// @ts-expect-error nobody knows these
await inertia.render(request, "Users/Index", { users, pets: [] });`,

  "render() refuses a deferred or optional prop for one that the client relies on": `
// @ts-expect-error deferred
await inertia.render(request, "Users/Index", { users: defer(() => users) });
// @ts-expect-error optional
await inertia.render(request, "Users/Index", { users: optional(() => users) });
// @ts-expect-error a function that gives a deferred one
await inertia.render(request, "Users/Index", { users: () => defer(() => users) });
// @ts-expect-error a scroll that comes later
await inertia.render(request, "Users/Index", { users: scroll(() => ({ items: users, limit: 1, offset: 0, total: 1 }), { defer: true }) });
// @ts-expect-error within an object, too
await inertia.render(request, "Report", { createdAt: "", author: { id: 1, name: defer(() => "Ada") } });`,

  "createInertia() checks what is shared": `
createInertia<Pages, Shared>({ share: { auth: { user: () => users[0] ?? null } } });
createInertia<Pages, Shared>({ share: [{ auth: { user: null } }, provide(() => ({ more: 1 }))] });
// @ts-expect-error no user
createInertia<Pages, Shared>({ share: { auth: {} } });
// @ts-expect-error no auth
createInertia<Pages, Shared>({ share: () => ({}) });`,

  "PagesOf infers pages from handlers": `
const any = createInertia();
const routes = {
  home: (request: Request) => any.render(request, "Home", { name: "Ada" as string }),
  users: {
    index: async (request: Request) => {
      if (request.method === "POST") return any.redirect(request, "/");
      return any.render(request, "Users/Index", {
        users: scroll(() => ({ items: users, limit: 1, offset: 0, total: 1 })),
        since: new Date(),
        count: async () => 3,
        stats: defer(() => ({ total: 1 })),
        filters: optional(async () => ["a"]),
        table: paginator({ items: users, total: 1, perPage: 1, page: 1 }),
        nested: { now: () => new Date(), later: defer(() => true) },
        later: () => defer(() => 1),
      });
    },
  },
  text: () => new Response("no page"),
};
type Inferred = PagesOf<typeof routes>;
same<keyof Inferred, "Home" | "Users/Index">(true);
same<Inferred["Home"], { readonly name: string }>(true);
type Index = Inferred["Users/Index"];
same<Index["users"], readonly { readonly id: number; readonly name: string; readonly email?: string }[]>(true);
same<Index["since"], string>(true);
same<Index["count"], number>(true);
same<Index["table"]["current_page"], number>(true);
same<Index["nested"], { readonly now: string; readonly later?: boolean }>(true);
const missing: Pick<Index, "stats" | "filters" | "later"> = {};
// @ts-expect-error may be missing
missing.stats.total;
same<NonNullable<typeof missing.stats>, { readonly total: number }>(true);
const typed = createInertia<Inferred>();
void typed.render(request, "Home", { name: "Grace" });
// @ts-expect-error another type
void typed.render(request, "Home", { name: 1 });`,

  "PageProps is what a component gets": `
const props = {} as PageProps<Pages, "Users/Index", Shared>;
props.users[0]?.name satisfies string | undefined;
props.auth.user satisfies User | null;
props.errors["name"] satisfies string | undefined;
// @ts-expect-error may be missing
props.stats.total;`,

  "validate() gives the value, or an answer": `
declare const schema: StandardSchema<unknown, { email: string }>;
const form = await inertia.validate(request, schema);
if (form.ok) form.value.email satisfies string;
else form.response satisfies Response;
// @ts-expect-error not known to be valid
form.value;
inertia.validated(schema, (request, value) => inertia.redirect(request, "/", { flash: { sent: value.email } }));`,

  "a schema of zod is one": `
import { z } from "zod";
const form = await inertia.validate(request, z.object({ email: z.email(), age: z.coerce.number() }));
if (form.ok) form.value.age satisfies number;`,

  "a session takes and gives what is left for the next request": `
const session: InertiaSession = { read: () => ({ flash: { a: 1 } }), write: async (_request, state, headers) => { headers.append("set-cookie", JSON.stringify(state)); } };
createInertia({ session });
// @ts-expect-error no write
const half: InertiaSession = { read: () => ({}) };
void half;`,
};

test("the type checker lets through what is right, and nothing else", async () => {
  const names = Object.keys(SNIPPETS);
  const files = Object.fromEntries(
    names.map((
      name,
      index,
    ) => [`snippet_${index}.ts`, `// ${name}\n${IMPORTS}${EQUAL}${SNIPPETS[name]}\n`]),
  );
  const project = await createProject("inertia-types", { ...files, "pages.ts": PAGES });
  try {
    ok(names.length > 10);
    await runDeno(["check", ...Object.keys(files).map((file) => join(project.root, file))]);
  } finally {
    await project.remove();
  }
});
