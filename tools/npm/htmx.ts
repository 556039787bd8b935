export * from "../../htmx/mod.ts";
