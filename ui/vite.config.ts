// How the console is built, served while developing, and tested.
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pageBudget } from "./tools/budget.ts";

/** Address of a running server that the development page talks to. */
const server = process.env.CHIMERA_API ?? "http://127.0.0.1:7787";

export default defineConfig({
  // Relative, so that one build serves the window, the loopback server and a subfolder alike.
  base: "./",
  plugins: [react(), tailwindcss(), pageBudget()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: ["es2022", "safari16"],
    // Nothing as data: or inline, so that the strictest content policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What matters is what a page loads first; the budget looks at that.
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    port: 5173,
    strictPort: true,
    // The host stays the page's own: the server compares it with the origin of a write.
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/shared/testing/setup.ts"],
    // A bound on what hangs, and no claim about speed.
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}", "tools/**/*.test.ts"],
    css: false,
    restoreMocks: true,
  },
});
