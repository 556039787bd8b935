import node from "@astrojs/node";
import { sidecar } from "@lv/sidecar/astro";
import { defineConfig } from "astro/config";
__VITE_IMPORTS__

export default defineConfig({
  output: "server",
  adapter: node({ mode: "standalone" }),
  integrations: [sidecar()],
  vite: { plugins: [__VITE_PLUGINS__] },
});
