import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  // The port of `build.devUrl` in tauri.conf.json.
  server: { port: 1420, strictPort: true },
});
