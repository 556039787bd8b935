/**
 * Bun puts `.env` into the environment of what it runs, where it would beat what Vite reads after an edit.
 *
 * @module
 */
import { match } from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "../_support/eventually.ts";
import { createProject, useVite } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";
import { FILES } from "./managed.ts";

const PARENT = fileURLToPath(new URL("../fixtures/vite_stub/parent.ts", import.meta.url));

test("an edit of .env arrives, whatever runs us and Vite", async () => {
  const project = await createProject("dotenv", {
    ...FILES,
    ".env": "VITE_WORD=one\n",
    "main.js": "export default import.meta.env.VITE_WORD",
  });
  await useVite(project, "vite");
  const run = runtimeName === "deno" ? ["run", "--allow-all"] : [];
  // The project is the working directory, as it is for `bun run` in it.
  const parent = spawn(process.execPath, [...run, PARENT, project.root, runtimeName], {
    cwd: project.root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => parent.once("close", resolve));
  try {
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: parent.stdout }).once("line", resolve)
    );
    const url = `http://127.0.0.1:${JSON.parse(line).port}/main.js`;
    const ask = async (): Promise<string> => await (await fetch(url)).text();
    match(await ask(), /"VITE_WORD": "one"/);
    await project.write(".env", "VITE_WORD=two\n");
    await eventually("the new word", async () => /"VITE_WORD": "two"/.test(await ask()));
  } finally {
    parent.kill("SIGKILL");
    await ended;
    await project.remove();
  }
});
