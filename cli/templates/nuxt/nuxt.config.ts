import { sidecar } from "@lv/sidecar/nuxt";
__VITE_IMPORTS__

export default defineNuxtConfig({
  compatibilityDate: "2026-11-01",
  modules: [sidecar],
  css: ["~/style.css"],
  telemetry: false,
  vite: { plugins: [__VITE_PLUGINS__] },
});
