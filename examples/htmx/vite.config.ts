import { defineConfig } from "vite";

// There is no index.html to start from: these are what the pages and the fragments load.
export default defineConfig({
  build: { rollupOptions: { input: ["src/main.ts", "src/chart.ts"] } },
});
