import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [vue()],
  clearScreen: false,
  // The port of `build.devUrl` in tauri.conf.json.
  server: { port: 1420, strictPort: true },
});
