import { sidecar } from "@lv/sidecar/sveltekit";
import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";
__VITE_IMPORTS__

export default defineConfig({
  plugins: [__VITE_PLUGINS__, sidecar(), sveltekit({ adapter: adapter() })],
});
