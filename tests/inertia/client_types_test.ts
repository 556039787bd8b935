/**
 * `usePage<"Users/Index">()` of the three clients: from generated files, and from a server's own types without any.
 *
 * Each `@ts-expect-error` stands over exactly one error, for each compiler.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { generate, type InertiaClient } from "../../codegen/mod.ts";
import { runChecker } from "../_support/compilers.ts";
import { createProject, type Project, repositoryRoot } from "../_support/project.ts";
import { denoCommand } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";

const CLIENTS: readonly InertiaClient[] = ["react", "vue3", "svelte"];

const PAGES = JSON.stringify({
  pages: {
    "Home": { route: "/", tsType: "{ greeting: string }" },
    "Users/Index": {
      route: "/users",
      tsType: "{ users: { id: number; name: string }[]; stats?: { total: number } }",
    },
  },
  sharedProps: { auth: { type: "{ user: string | null }" } },
});

/** What a front end does with a client, right and wrong. */
const calls = (client: InertiaClient, types: string): string =>
  `import "${types}";
import { Form, Link, router, useForm, usePage } from "@inertiajs/${client}";

const page = usePage<"Users/Index">();
export const name: string | undefined = page.props.users[0]?.name;
export const total: number | undefined = page.props.stats?.total;
export const user: string | null = page.props.auth.user;
export const error: string | undefined = page.props.errors["name"];
export const component: "Users/Index" = page.component;
export const url: string = page.url;
export const flash: unknown = page.flash["message"];
export const greeting: string = usePage<"Home">().props.greeting;
// @ts-expect-error: it is loaded after the page, and may be missing.
export const missing: number = page.props.stats.total;
// @ts-expect-error: a prop of another page.
page.props.greeting;
// @ts-expect-error: a prop of another type.
export const wrong: number = page.props.users;
// @ts-expect-error: no such page.
usePage<"Users/Show">();

// The client's own ways.
const any = usePage();
export const shared: string | null = any.props.auth.user;
// @ts-expect-error: what is shared has a type on every page.
export const sharedWrong: number = any.props.auth.user;
export const own: number = usePage<{ mine: number }>().props.mine;
export const rest: unknown[] = [Form, Link, router, useForm];
`;

/** A server and its pages, inferred from what its handlers render. */
const SERVER = `import {
  createInertia, defer, optional, type PagesOf, scroll,
} from "@lv/sidecar/inertia";

const inertia = createInertia();
const handlers = {
  home: (request: Request) => inertia.render(request, "Home", { greeting: String(request.url) }),
  users: (request: Request) =>
    inertia.render(request, "Users/Index", {
      users: scroll(() => ({
        items: [{ id: 1, name: String(request.url) }], limit: 1, offset: 0, total: 1,
      })),
      stats: defer(() => Promise.resolve({ total: 1 + request.url.length })),
      filters: optional(() => ["a"]),
    }),
};
export type Pages = PagesOf<typeof handlers>;
export interface Shared { readonly auth: { readonly user: string | null } }
`;

/** As the chapter "Clients and types" of docs/inertia.md has it. */
const byHand = (client: InertiaClient): string =>
  `import type { Page, PageProps as AnyProps, SharedPageProps } from "@inertiajs/core";
import type { PageProps } from "@lv/sidecar/inertia";
import type { Pages, Shared } from "./server.ts";

type PageFor<Name extends keyof Pages> = Omit<Page, "component" | "props"> & {
  readonly component: Name;
  readonly props: PageProps<Pages, Name, Shared>;
};

declare module "@inertiajs/core" {
  interface InertiaConfig {
    sharedPageProps: Pick<Shared, keyof Shared>;
  }
}

declare module "@inertiajs/${client}" {
  function usePage<Name extends keyof Pages>(): PageFor<Name>;
  function usePage<Props extends AnyProps = AnyProps>(): Page<Props & SharedPageProps>;
}
`;

const tsconfig = (options: object = {}): string =>
  JSON.stringify({
    compilerOptions: {
      target: "esnext",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["esnext", "dom", "dom.iterable"],
      types: [],
      noEmit: true,
      allowImportingTsExtensions: true,
      strict: true,
      verbatimModuleSyntax: true,
      // The clients' own declarations are not ours to check.
      skipLibCheck: true,
      ...options,
    },
    include: ["*.ts"],
  });

const COMMON = {
  "package.json": JSON.stringify({ type: "module" }),
  "deno.json": JSON.stringify({
    nodeModulesDir: "manual",
    compilerOptions: { lib: ["deno.window", "dom"] },
  }),
};

const compile = (compiler: string, { root }: Project): Promise<string> =>
  runChecker(
    "node",
    [join(repositoryRoot, "node_modules", compiler, "bin/tsc"), "-p", "types.json"],
    root,
  );

const checkByDeno = ({ root }: Project): Promise<string> =>
  runChecker(denoCommand, ["check", "--quiet", "."], root);

function generatedFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const client of CLIENTS) {
    const { files: made, diagnostics } = generate({ pages: PAGES }, { inertiaClient: client });
    deepEqual(diagnostics, []);
    for (const { path, text } of made) {
      files[path === "inertia-client.ts" ? `inertia-client.${client}.ts` : path] = text;
    }
    files[`use_${client}.ts`] = calls(client, `./inertia-client.${client}.ts`);
  }
  return files;
}

test("usePage() knows the pages that were generated, for React, Vue and Svelte", async () => {
  const project = await createProject("client-types", {
    ...COMMON,
    ...generatedFiles(),
    "types.json": tsconfig({ noUnusedLocals: true, exactOptionalPropertyTypes: true }),
  });
  try {
    for (const compiler of ["typescript59", "typescript6", "typescript7"]) {
      equal(await compile(compiler, project), "", compiler);
    }
    equal(await checkByDeno(project), "");
    // What holds for all of them is no accident of `any`.
    await project.edit("inertia-client.vue3.ts", "InertiaPage<Component>;\n", "Page<any>;\n");
    match(await compile("typescript7", project), /use_vue3\.ts.*Unused '@ts-expect-error'/);
  } finally {
    await project.remove();
  }
});

test("usePage() knows the pages of a server's own code, without a generator", async () => {
  const uses = CLIENTS.flatMap((client) => [
    [`types_${client}.ts`, byHand(client)],
    [`use_${client}.ts`, calls(client, `./types_${client}.ts`)],
  ]);
  const project = await createProject("client-types", {
    ...COMMON,
    ...Object.fromEntries(uses),
    "server.ts": SERVER,
    "types.json": tsconfig({
      types: ["node"],
      paths: { "@lv/sidecar/inertia": [join(repositoryRoot, "inertia/mod.ts")] },
    }),
  });
  try {
    for (const compiler of ["typescript6", "typescript7"]) {
      equal(await compile(compiler, project), "", compiler);
    }
  } finally {
    await project.remove();
  }
});
