__VITE_IMPORTS__
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [__VITE_PLUGINS__],__VITE_MORE__
});
