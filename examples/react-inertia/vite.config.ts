import inertia from "@inertiajs/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The plugin of Inertia renders pages while Vite serves the sources.
export default defineConfig({
  plugins: [react(), inertia({ ssr: "src/ssr.tsx" })],
});
