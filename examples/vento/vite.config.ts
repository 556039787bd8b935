import { defineConfig } from "vite";

// There is no index.html to start from: these are what the pages load.
export default defineConfig({
  build: { rollupOptions: { input: ["src/site.ts", "src/guests.ts"] } },
});
