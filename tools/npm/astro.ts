export * from "../../frameworks/astro.ts";
