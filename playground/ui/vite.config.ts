import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["PLAYGROUND"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  // The Python server hands the files out under /page/: no address may begin with a slash.
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../page",
    emptyOutDir: true,
    sourcemap: false,
    // Fixed names keep the committed build's diffs to the files that really changed.
    rolldownOptions: {
      output: {
        entryFileNames: "assets/page.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: {
      "/page/file": server,
      "^/(state|wait|do|file)\\b": { target: server, rewrite: (path) => `/page${path}` },
    },
  },
});
