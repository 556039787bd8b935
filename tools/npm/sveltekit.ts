export * from "../../frameworks/sveltekit.ts";
