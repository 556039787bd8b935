import process from "node:process";
import { createSidecar } from "@lv/sidecar";
import app from "./app.ts";

const sidecar = await createSidecar({ root: import.meta.dirname });
const server = sidecar.serve(app.fetch, { port: Number(process.env["PORT"] ?? 8000) });
console.log(`Listening on ${server.url}`);
