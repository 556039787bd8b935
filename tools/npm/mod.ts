export * from "../../mod.ts";
