export * from "../../frameworks/api.ts";
