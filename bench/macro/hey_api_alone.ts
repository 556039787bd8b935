/**
 * `@hey-api/openapi-ts` alone, by its shortest program: types, schemas and an SDK of a document into a folder.
 *
 * @module
 */
import process from "node:process";
import { createClient } from "@hey-api/openapi-ts";

const [input = "", path = ""] = process.argv.slice(2);

await createClient({
  input,
  output: { path, module: { extension: ".ts" } },
  logs: { level: "silent", file: false },
  interactive: false,
  plugins: ["@hey-api/typescript", "@hey-api/client-fetch", "@hey-api/sdk", "zod"],
});
