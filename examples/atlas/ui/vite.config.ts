import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the pages work from any root: a scheme of their own, a server, a folder.
  base: "./",
  clearScreen: false,
  build: {
    target: "es2022",
    // A data: address would need room in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["index.html", "details.html"] },
  },
});
