/**
 * Runs in a process of its own: loads the app's module anew and writes down the routes that it exports. Modules can't be
 * unloaded, so that a process that loaded one never sees its changes.
 *
 * Plain JavaScript, given to Deno or Bun as text. The parent sends one line of JSON, `{ "url", "nonce" }`; the answer is
 * one line with the nonce in front. What the module itself prints goes to standard error.
 *
 * @module
 */
import { createRequire } from "node:module";
import process from "node:process";

/** Well known: whatever version of the package the app imports, its tables carry it. */
const TABLE = Symbol.for("@lv/sidecar/routes");
const INFO = { title: "app", version: "0.0.0" };

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
for (const name of ["log", "info", "debug"]) {
  console[name] = (...values) => console.error(...values);
}

/** The values that a module may hold its table in: what it serves, then what it names. */
function candidates(module) {
  const names = Object.keys(module).filter((name) => name !== "default").sort();
  return [module.default, ...names.map((name) => module[name])].flatMap((value) =>
    isObject(value) ? [value.routes, value] : []
  );
}

function isObject(value) {
  return value !== null && (typeof value === "object" || typeof value === "function");
}

function isTable(value) {
  return isObject(value) && Boolean(value[TABLE]) && typeof value.toRoutesJson === "function";
}

function isHono(value) {
  return isObject(value) && Array.isArray(value.routes) && typeof value.fetch === "function" &&
    value.routes.every((route) =>
      typeof route?.method === "string" && typeof route?.path === "string"
    );
}

/** A document, whether it was made as a text or as a value. */
async function textOf(made) {
  const value = await made;
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

async function describeTable(table) {
  return {
    kind: "table",
    routes: await textOf(table.toRoutesJson()),
    openapi: await textOf(table.toOpenApi?.(INFO)),
    pages: await textOf(table.toPagesJson?.()),
  };
}

async function describeHono(app) {
  const document = await (app.getOpenAPI31Document ?? app.getOpenAPIDocument)?.call(
    app,
    { openapi: "3.1.0", info: INFO },
  );
  const isDescribed = Object.keys(document?.paths ?? {}).length > 0;
  return {
    kind: "hono",
    openapi: isDescribed ? JSON.stringify(document) : undefined,
    // A handler takes the context alone; what takes `next` too stands before others.
    routes: app.routes.map(({ method, path, handler }) => ({
      method,
      path,
      takesNext: typeof handler === "function" && handler.length > 1,
    })),
  };
}

async function describe(module) {
  const values = candidates(module);
  const table = values.find(isTable);
  if (table !== undefined) return await describeTable(table);
  const app = values.find(isHono);
  return app === undefined
    ? { kind: "none", exports: Object.keys(module) }
    : await describeHono(app);
}

async function readLine() {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return JSON.parse(text);
}

const { url, nonce } = await readLine();
let answer;
try {
  answer = await describe(await import(url));
} catch (error) {
  console.error(error);
  answer = { kind: "failed", message: String(error?.message ?? error) };
}
// Bun has here what was imported, too; of Deno the parent asks another way.
answer.modules = Object.keys(createRequire(url).cache);
// What the module started (timers, servers, pools) is not waited for.
write(`${nonce}${JSON.stringify(answer)}\n`, () => process.exit(0));
