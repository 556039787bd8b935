export * from "../../inertia/mod.ts";
