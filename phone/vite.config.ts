import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

// What is built is served by the program itself, as files of the room field.
const OUT = "../shouwang/field/static/field/app";

export default defineConfig({
  // Relative: chunks and the decoder are found beside whatever imported them, wherever static files are served.
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    target: "es2021",
    manifest: "built.json",
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: { input: { app: "src/main.tsx" } },
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      // The page registers it, and the program serves page, worker and manifest below /field/app/.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ["**/*.{js,wasm}"],
        globIgnores: ["sw.js"],
        maximumFileSizeToCacheInBytes: 4_000_000,
      },
    }),
  ],
  test: { environment: "node", include: ["tests/**/*.test.ts"], setupFiles: ["tests/setup.ts"] },
});
