/** Static props as a module and as its types: both are run through the real thing. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import {
  findSecretNames,
  renderStaticPropsModule,
  renderStaticPropsTypes,
} from "../../codegen/static_props.ts";
import { createProject } from "../_support/project.ts";
import { runDeno } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";

// A name of each kind: plain, a reserved word, the default export's, no identifier, a prototype's, beyond ASCII.
const PROPS = {
  appName: 'De"mo</script>\u2028',
  class: 1,
  default: "no export",
  "page-size": 20,
  ünï: true,
  features: { dark: true, levels: [1, "two", null], none: [], empty: {} },
  ...JSON.parse('{ "__proto__": { "polluted": true } }') as Record<string, unknown>,
};

test("the module exports each property by its name, and all as the default", async () => {
  const project = await createProject("static-props", {
    "props.mjs": renderStaticPropsModule(PROPS),
  });
  try {
    const module = await import(pathToFileURL(join(project.root, "props.mjs")).href);
    deepEqual(Object.keys(module).sort(), [
      "__proto__",
      "appName",
      "class",
      "default",
      "features",
      "ünï",
    ]);
    deepEqual(JSON.parse(JSON.stringify(module.default)), JSON.parse(JSON.stringify(PROPS)));
    equal(module.appName, PROPS.appName);
    equal(module["class"], 1);
    equal(module.default["polluted"], undefined);
    deepEqual(Object.getOwnPropertyNames(module.default), Object.getOwnPropertyNames(PROPS).sort());
  } finally {
    await project.remove();
  }
});

test("the module of no properties has a default export", () => {
  equal(renderStaticPropsModule({}), "export default {\n};\n");
});

test("the types let through what is there, and nothing else", async () => {
  const project = await createProject("static-props-types", {
    "static-props.d.ts": renderStaticPropsTypes(PROPS),
    "right.ts": `
/// <reference path="./static-props.d.ts" />
import props, { appName, class as kind, features } from "virtual:lv-static-props";
import { appName as other } from "virtual:litestar-static-props";
export const texts: readonly string[] = [appName, other, props.default];
export const numbers: readonly number[] = [kind, props["page-size"]];
export const dark: boolean = features.dark;
export const level: string | number | null | undefined = features.levels[0];
`,
    "wrong.ts": `
/// <reference path="./static-props.d.ts" />
import props from "virtual:lv-static-props";
export const number: number = props.appName;
`,
  });
  try {
    await runDeno(["check", join(project.root, "right.ts")]);
    const message = await runDeno(["check", join(project.root, "wrong.ts")]).then(
      () => "",
      (error: Error) => error.message,
    );
    ok(message.includes("TS2322"), message);
  } finally {
    await project.remove();
  }
});

test("the types hold no value", () => {
  equal(renderStaticPropsTypes({ a: "one" }), renderStaticPropsTypes({ a: "two" }));
});

test("names that look like a secret are found", () => {
  deepEqual(
    findSecretNames({
      apiToken: "",
      keyboard: "",
      secretary: "",
      stripe: { "private-key": "", publicKey: "" },
      DB_PASSWORD: "",
    }),
    ["DB_PASSWORD", "apiToken", "stripe.private-key"],
  );
});
