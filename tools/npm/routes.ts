export * from "../../routes/mod.ts";
