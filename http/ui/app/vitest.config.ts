import { defineConfig } from "vitest/config";

export default defineConfig({
  // The packages lie outside of this folder, behind a link.
  server: { fs: { strict: false } },
  test: { include: ["src/**/*.test.ts"], server: { deps: { inline: [/@jupyterhub/] } } },
});
