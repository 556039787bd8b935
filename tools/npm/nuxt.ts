export * from "../../frameworks/nuxt.ts";
