/**
 * An edit on the server is a type error in the browser's code within 2 seconds: `dev` runs, and a type checker that knows
 * the project, as an editor's does, is asked again and again.
 */
import { deepEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { eventually } from "../_support/eventually.ts";
import { copyLitestar, installLitestar, LITESTAR } from "../_support/litestar.ts";
import { copyExample, type Project } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";
import { openTypeChecker, type TypeChecker } from "../_support/type_checker.ts";

// Whatever somebody who tried the example left in its folder.
process.env["DATABASE"] = ":memory:";

const LIMIT_MS = 2000;
/** The best of so many counts: machines that run tests do other things, too. */
const ROUNDS = 3;

/** A change of the server's code, and what it breaks. */
interface Edit {
  readonly path: string;
  /** Wherever it stands. */
  readonly from: string;
  readonly to: string;
  /** Each of these is an error then. */
  readonly errors: readonly RegExp[];
}

/** Makes the edit; milliseconds until the checker says all that it has to, and until it was taken back. */
async function measure(project: Project, checker: TypeChecker, edit: Edit): Promise<number> {
  const { path, from, to, errors } = edit;
  const text = await project.read(path);
  ok(text.includes(from), `"${path}" has no "${from}"`);
  const changedMs = performance.now();
  await project.write(path, text.replaceAll(from, to));
  await eventually("the errors", () => {
    const found = checker.errors();
    return errors.every((each) => found.some((text) => each.test(text)));
  }, { everyMs: 5 });
  const tookMs = performance.now() - changedMs;
  await project.write(path, text);
  await eventually("no errors", () => checker.errors().length === 0);
  return tookMs;
}

async function expectErrors(
  project: Project,
  tsconfig: string,
  args: readonly string[],
  edit: Edit,
): Promise<void> {
  const program = startSidecar(["dev", "--port", "0", "--json", ...args], { cwd: project.root });
  const checker = openTypeChecker(join(project.root, tsconfig));
  try {
    await program.ready(60_000);
    deepEqual(checker.errors(), []);
    const tookMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      tookMs.push(await measure(project, checker, edit));
    }
    const shown = tookMs.map(Math.round).join(", ");
    // What it took is what somebody asks who changes something in here.
    console.log(`${edit.path} to the error: ${shown} ms`);
    ok(Math.min(...tookMs) <= LIMIT_MS, `it took ${shown} ms`);
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    checker.close();
    await program.stop().finally(project.remove);
  }
}

test(`an edit of a route table is a type error in the browser's code (${runtimeName})`, async () => {
  await expectErrors(await copyExample("fullstack-typed"), "src/tsconfig.json", [], {
    path: "routes.ts",
    from: "author: z",
    to: "writer: z",
    errors: [/^BookCard\.tsx: Property 'author' does not exist/, /^BookForm\.tsx: .*author/],
  });
});

const ON_LITESTAR =
  `an edit of a Litestar backend is a type error in the browser's code (${runtimeName})`;
const litestarIsMissing = await installLitestar();

if (litestarIsMissing !== undefined) test.skip(ON_LITESTAR, litestarIsMissing);
else {
  test(ON_LITESTAR, async () => {
    const args = ["--backend-command", `${LITESTAR} --reload`];
    await expectErrors(await copyLitestar(), "tsconfig.json", args, {
      path: "app.py",
      from: "author",
      to: "writer",
      errors: [/^src\/main\.ts: Property 'author' does not exist/, /^src\/main\.ts: .*'author'/],
    });
  });
}
