import process from "node:process";
import { createSidecar } from "@lv/sidecar";
import app from "./app.ts";

const sidecar = await createSidecar({ root: import.meta.dirname });
sidecar.serve(app.fetch, { port: Number(process.env["PORT"] ?? 8000) });
