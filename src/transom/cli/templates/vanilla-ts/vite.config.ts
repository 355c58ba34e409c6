import { defineConfig } from "vite";

export default defineConfig({
  clearScreen: false,
  // The port of `build.devUrl` in tauri.conf.json.
  server: { port: 1420, strictPort: true },
});
