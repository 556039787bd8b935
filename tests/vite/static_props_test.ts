/** Static props, and what `vite.config` says against us, with the program in development. */
import { equal, match } from "node:assert/strict";
import { createProject } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "index.html": '<script type="module" src="/src/main.js"></script>',
  "src/main.js": 'import { appName } from "virtual:lv-static-props"; document.title = appName;\n',
};

test("dev: static props are a module and a file of types, without a plugin", async () => {
  const project = await createProject("static-props-dev", {
    ...FILES,
    "sidecar.config.ts": 'export default { staticProps: { appName: "Demo", apiToken: "x" } };',
  });
  const program = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
  try {
    const { url } = await program.ready();
    const main = await (await fetch(`${url}src/main.js`)).text();
    const path = /"(\/@id\/[^"]+static-props[^"]*)"/.exec(main)?.[1] ?? "";
    match(await (await fetch(new URL(path, url))).text(), /Demo/);
    match(await project.read("src/generated/static-props.d.ts"), /readonly "appName"/);
    match(program.stderr(), /warning: staticProps\.apiToken looks like a secret/);
  } finally {
    await program.stop().finally(project.remove);
  }
});

test("dev: a base that vite.config and we say differently is told once", async () => {
  const project = await createProject("disagreement", {
    ...FILES,
    "src/main.js": "document.title = import.meta.env.BASE_URL;\n",
    "vite.config.js": 'export default { base: "/x/" };',
  });
  const program = startSidecar(["dev", "--base", "/y/", "--port", "0", "--json"], {
    cwd: project.root,
  });
  try {
    const { url } = await program.ready();
    match(await (await fetch(`${url}y/src/main.js`)).text(), /"BASE_URL": ?"\/y\/"/);
    const told = program.stderr().split("\n").filter((line) => line.includes("vite.config says"));
    equal(told.length, 1, program.stderr());
    match(told[0] ?? "", /base "\/x\/", and the option base "\/y\/": "\/y\/" counts; take one/);
  } finally {
    await program.stop().finally(project.remove);
  }
});
