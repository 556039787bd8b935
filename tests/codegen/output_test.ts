/** Merging, filters and what comes out: cases 66 to 74, as far as they need no disk. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { generate, type GenerateOptions } from "../../codegen/mod.ts";
import { createProject, repositoryRoot } from "../_support/project.ts";
import { runDeno } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";
import { caseOf } from "./_support/cases.ts";
import { codes, litestar, load, openapi, paramsOf, sound, textOf } from "./_support/sound.ts";

const BUNDLE_PROGRAM = join(repositoryRoot, "tests/codegen/_support/bundle.ts");

test("case 66: of a route table and OpenAPI, the table has the names and paths, OpenAPI the types", async () => {
  const generated = sound(caseOf("66"));
  const { route, router } = await load(generated);
  deepEqual([...router.names()].sort(), ["file", "odd", "page", "users.show"]);
  equal(
    paramsOf(generated, "users.show"),
    `  readonly "user_id": number | string;\n  readonly "tab"?: "a" | "b" | undefined;`,
  );
  equal(route("file", { p: "a/b" }), "/files/a/b");
  ok(textOf(generated).includes("/** One user */"));
  const told = generated.diagnostics.map(({ code, message }) => `${code} ${message}`);
  ok(told.some((each) => each.startsWith("mismatch") && each.includes(`"odd"`)));
  ok(told.some((each) => each.startsWith("not-in-routes") && each.includes("/more")));
  ok(told.some((each) => each.startsWith("not-in-openapi") && each.includes(`"page"`)));
});

test("case 67: filters take and leave routes by name, by path and by group", async () => {
  const { input } = caseOf("67");
  const left = async (options: GenerateOptions): Promise<readonly string[]> =>
    [...(await load(generate(input, options))).router.names()].sort();
  const all = ["a.b(c", "admin.x", "users.delete", "users.show"];
  deepEqual(await left({ only: ["users.*", "!users.delete"] }), ["users.show"]);
  deepEqual(await left({ only: ["!users.delete", "users.*"] }), ["users.delete", "users.show"]);
  deepEqual(await left({ except: ["*"] }), []);
  deepEqual(await left({ only: ["users.*"], except: ["users.delete"] }), ["users.show"]);
  deepEqual(await left({ except: ["*", "!users.*"] }), ["users.delete", "users.show"]);
  deepEqual(await left({ only: ["a.b(c"] }), ["a.b(c"]);
  deepEqual(await left({ only: ["a.b(*"] }), ["a.b(c"]);
  deepEqual(await left({ only: [] }), all);
  deepEqual(await left({ only: ["/r0"] }), ["users.show"]);
  deepEqual(await left({ groups: { g: ["users.*"] }, group: "g" }), ["users.delete", "users.show"]);
  deepEqual(codes(generate(input, { groups: {}, group: "toString" })), ["unknown-group"]);
  deepEqual(codes(generate(input, { only: ["nobody.*"] })), ["unmatched-pattern"]);
  const paths = litestar({ a: "/admin/x", b: "/admin/x/y", c: "/admin", d: "/public" });
  const byPath = async (only: readonly string[]): Promise<readonly string[]> =>
    [...(await load(generate({ routes: paths }, { only }))).router.names()].sort();
  deepEqual(await byPath(["/admin/*"]), ["a"]);
  deepEqual(await byPath(["/admin/**"]), ["a", "b"]);
  deepEqual(await byPath(["/**", "!/admin**"]), ["d"]);
});

test("case 68: any number of routes makes a module that runs", async () => {
  equal((await load(sound(caseOf("68")))).router.names().length, 0);
  ok(textOf(sound(caseOf("68"))).includes("export type RouteName = keyof RouteParams;"));
  equal((await load(sound(caseOf("68b")))).route("one", { x: 1 }), "/one/1");
  const { route, router } = await load(sound(caseOf("68d")));
  equal(route("r9999.show", { r49_id: 1 }), "/r9999/1");
  equal(router.match("/r9999/1")?.name, "r9999.show");
});

test("case 69: the page's route, with or without a page", async () => {
  const { router } = await load(sound(caseOf("69")));
  equal(router.current(), undefined);
  equal(router.current("users.*"), false);
  const at = (location: string): typeof router => router.with({ location });
  const page = at("https://app.test/users/7?tab=a&x=1&x=2#top");
  equal(page.current(), "users.show");
  for (const name of ["users.*", "*", "users.show", "*.show", "u*s*w"]) {
    equal(page.current(name), true, name);
  }
  for (const name of ["users(me", "", "users", "*.edit", "users.show.*"]) {
    equal(page.current(name), false, name);
  }
  equal(page.current("users.show", { id: 7 }), true);
  equal(page.current("users.show", { id: "7", tab: "a" }), true);
  equal(page.current("users.show", { x: [1, 2] }), true);
  equal(page.current("users.show", { id: 8 }), false);
  equal(page.current("users.show", { none: 1 }), false);
  equal(at("https://app.test/me").current("users(me"), true);
  equal(at("https://app.test/unknown").current(), undefined);
  equal(at("https://app.test/unknown").current("*"), false);
  equal(
    router.with({ base: "/v2", location: "https://app.test/v2/users/7" }).current(),
    "users.show",
  );
  equal(at("no URL").current("*"), false);
});

test("has() knows names and patterns, and nothing of what every object has", async () => {
  const { router } = await load(sound(caseOf("69")));
  deepEqual(
    ["users.show", "users.*", "*", "users(me", "home", "nobody", "users", ""].map((name) =>
      router.has(name)
    ),
    [true, true, true, true, true, false, false, false],
  );
});

test("case 70 and 72: the same input gives the same bytes, and a changed route changes only its files", () => {
  const before = litestar({ "a.one": "/one", "b.two": "/two/{x}" });
  const after = litestar({ "a.one": "/one", "b.two": "/two/{y}" });
  const [first, second, other] = [before, before, after].map((routes) =>
    generate({ routes }, { groupFiles: true })
  );
  deepEqual(first, second);
  const changed = first?.files.filter(({ path, text }) =>
    other?.files.find((file) => file.path === path)?.text !== text
  );
  deepEqual(changed?.map(({ path }) => path), ["routes.ts", "routes/b.ts"]);
  for (const { path, text } of first?.files ?? []) {
    equal(/\r|\\/.test(path), false);
    equal(text.includes("\r"), false);
    ok(text.endsWith("\n"));
  }
});

test("case 73: functions that nobody uses are not in the bundle", async () => {
  const { files } = sound(caseOf("73"));
  const project = await createProject("shake", {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    "entry.ts": `import { four } from "./routes/a.ts";\nconsole.log(four({ x: 1 }));\n`,
    "index_entry.ts": `import { a } from "./routes/index.ts";\nconsole.log(a.four({ x: 1 }));\n`,
    "types_entry.ts":
      `import type { RouteName } from "./routes.ts";\nimport { route } from "./routes.ts";\nexport const name: RouteName = "a.one";\nvoid 0;\n`,
  });
  try {
    for (const entry of ["entry.ts", "index_entry.ts"]) {
      for (const [bundler, code] of Object.entries(await bundles(join(project.root, entry)))) {
        // esbuild keeps what is exported again under a name.
        if (bundler === "esbuild" && entry === "index_entry.ts") continue;
        ok(code.includes("a.four"), bundler);
        for (const other of ["a.one", "a.two", "a.three", "a.five"]) {
          equal(code.includes(other), false, `${bundler} ${entry} has ${other}`);
        }
      }
    }
    for (
      const [bundler, code] of Object.entries(await bundles(join(project.root, "types_entry.ts")))
    ) {
      equal(code.includes("/two"), false, bundler);
    }
  } finally {
    await project.remove();
  }
});

/** The entry as each bundler writes it; in a process of its own, which ends what bundlers leave running. */
async function bundles(entry: string): Promise<{ readonly [bundler: string]: string }> {
  const { stdout } = await runDeno(["run", "-A", "--quiet", BUNDLE_PROGRAM, entry]);
  return JSON.parse(stdout);
}

test("a handle has its URL, its method and what a form needs", async () => {
  interface Handle {
    (params?: object, options?: object): string;
    readonly url: Handle;
    readonly form: (params?: object) => { readonly action: string; readonly method: string };
    readonly method: string;
    readonly routeName: string;
  }
  const routes = litestar({
    "u.show": "/u/{id:int}",
    "u.update": { uri: "/u/{id:int}", method: "patch", methods: ["PATCH"] },
    "u.store": { uri: "/u", methods: ["POST"] },
  });
  const { show, update, store } = await load<{ show: Handle; update: Handle; store: Handle }>(
    sound({ input: { routes }, options: { groupFiles: true, methodField: "_method" } }),
    "routes/u.ts",
  );
  deepEqual([show({ id: 1 }), show.url({ id: 1 }), show.method, show.routeName], [
    "/u/1",
    "/u/1",
    "GET",
    "u.show",
  ]);
  deepEqual(update.form({ id: 1 }), { action: "/u/1?_method=PATCH", method: "post" });
  deepEqual(store.form(), { action: "/u", method: "post" });
  deepEqual(show.form({ id: 1 }), { action: "/u/1", method: "get" });
});

test("window.route is there where it is asked for", async () => {
  const generated = sound({
    input: { routes: litestar({ a: "/a" }) },
    options: { globalRoute: true },
  });
  ok(generated.files.some(({ path }) => path === "routes-global.ts"));
  try {
    await load(generated, "routes-global.ts");
    equal((globalThis as { route?: (name: string) => string }).route?.("a"), "/a");
  } finally {
    Reflect.deleteProperty(globalThis, "route");
  }
});

test("pages get the components of OpenAPI, flat as they are sent, and a file for the user once", () => {
  const pages = JSON.stringify({
    fallbackType: "unknown",
    pages: {
      Home: {
        customTypes: ["HomeProps"],
        handler: "home",
        propsType: "HomeProps",
        route: "/",
        schemaRef: "#/components/schemas/HomeProps",
        tsType: "HomeProps",
        wrapWithContent: true,
      },
      List: { tsType: "Item[]" },
      Other: { tsType: "Imported | null" },
      Empty: {},
    },
    sharedProps: {
      auth: { type: "AuthData", optional: true },
      flash: { type: "FlashMessages", optional: true },
      csrf_token: { type: "string" },
    },
    typeGenConfig: { includeDefaultAuth: true, includeDefaultFlash: true },
    typeImportPaths: { Imported: "@/types" },
  });
  const document = openapi({}, {
    components: {
      schemas: {
        HomeProps: {
          type: "object",
          required: ["items"],
          properties: { items: { type: "array", items: { $ref: "#/components/schemas/Item" } } },
        },
        Item: { type: "object", properties: { id: { type: "integer" } } },
        Unused: {},
      },
    },
  });
  const generated = sound({ input: { pages, openapi: document } });
  // What Inertia has by default is no component that is missing.
  deepEqual(generated.diagnostics, []);
  const text = textOf(generated, "page-props.ts");
  for (
    const line of [
      `readonly "Home": HomeProps;`,
      `readonly "List": readonly Item[];`,
      `readonly "Other": Imported | null;`,
      `readonly "Empty": { readonly [key: string]: unknown };`,
      `export interface HomeProps {\n  readonly "items": readonly Item[];\n}`,
      `import type { Imported } from "@/types";`,
      `readonly "auth"?: AuthData | undefined;`,
      `readonly "flash"?: FlashMessages | undefined;`,
      `readonly "csrf_token": string;`,
    ]
  ) ok(text.includes(line), `${line} in\n${text}`);
  equal(text.includes("Unused"), false);
  equal(text.includes("content"), false);
  deepEqual(generated.files.filter(({ once }) => once).map(({ path }) => path), [
    "page-props.user.ts",
  ]);
  const imported = textOf(
    generate({ pages, openapi: document }, { componentsFrom: "./api/types.gen.ts" }),
    "page-props.ts",
  );
  ok(
    imported.includes(`import type {\n  HomeProps,\n  Item,\n} from "./api/types.gen.ts";`),
    imported,
  );
});

test("a page model and a route model need no text", () => {
  const generated = generate({
    routes: {
      routes: [{
        name: "a",
        path: ["/a/", { kind: "parameter", name: "id", converter: "int", isOptional: false }],
        methods: ["GET"],
      }],
      defaults: { id: 1 },
    },
    pages: {
      pages: [{
        component: "Home",
        props: { kind: "object", properties: [{ name: "n", type: { kind: "number" } }] },
      }],
    },
  });
  deepEqual(generated.diagnostics, []);
  equal(paramsOf(generated, "a"), `  readonly "id"?: number | string | undefined;`);
  ok(textOf(generated, "page-props.ts").includes(`readonly "n": number;`));
});
