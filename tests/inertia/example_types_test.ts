/**
 * The front ends of the examples, their templates included, compile with the types of their servers' pages.
 */
import { match } from "node:assert/strict";
import { join } from "node:path";
import { runChecker } from "../_support/compilers.ts";
import { writeComponentTypes } from "../_support/component_types.ts";
import { copyExample, repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const EXAMPLES = [
  {
    name: "react-inertia",
    page: "src/pages/Contacts/Show.tsx",
    from: "contact={each}",
    to: "contact={each.surname}",
    error:
      /^src\/pages\/Contacts\/Show\.tsx\(.*'surname' does not exist on type '.*Contact.*'\.\n$/,
  },
  {
    name: "vue-inertia",
    page: "src/pages/Tickets/Index.vue",
    from: "ticket.title",
    to: "ticket.name",
    error:
      /^src\/pages\/Tickets\/Index\.vue\.ts\(.*'name' does not exist on type '.*Ticket.*'\.\n$/,
  },
  {
    name: "svelte-inertia",
    page: "src/pages/Recipes/Index.svelte",
    from: "recipe.id",
    to: "recipe.slug",
    error:
      /^src\/pages\/Recipes\/Index\.svelte\.ts\(.*'slug' does not exist on type '.*RecipeCard.*'\.\n$/,
  },
];

for (const { name, page, from, to, error } of EXAMPLES) {
  test(`${name}: a wrong prop in a template is all that is wrong`, async () => {
    const project = await copyExample(name);
    try {
      await project.edit(page, from, to);
      await writeComponentTypes(project);
      await project.write(
        "types.json",
        JSON.stringify({
          extends: "./src/tsconfig.json",
          compilerOptions: {
            skipLibCheck: true,
            // What a template gives to an event or a slot has no type of its own.
            noImplicitAny: false,
            types: ["vite/client", "node", "svelte"],
            paths: {
              "@lv/sidecar": [join(repositoryRoot, "mod.ts")],
              "@lv/sidecar/inertia": [join(repositoryRoot, "inertia/mod.ts")],
            },
          },
          include: ["src"],
        }),
      );
      const compiler = join(repositoryRoot, "node_modules", "typescript7", "bin/tsc");
      match(await runChecker("node", [compiler, "-p", "types.json"], project.root), error);
    } finally {
      await project.remove();
    }
  });
}
