import { defineConfig, type Plugin } from "vite";
import { licenses } from "./licenses";

/// The pages whose scripts Vite makes; each is a module of src/pages.
const pages = ["home", "launch", "build_log"];

/// Writes for each page the part `app_<page>.html`, which its template takes in: the addresses of the
/// page's scripts, whose names change with their bytes, so that browsers may keep them for good. The style sheet goes
/// before them: it alone is needed for the first paint.
function templateParts(): Plugin {
  return {
    name: "template-parts",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk" || !chunk.isEntry) continue;
        const lines = chunk.imports.map((name) => `<link rel="modulepreload" fetchpriority="low" href="{{base_url}}${name}">`);
        for (const style of chunk.viteMetadata?.importedCss ?? [])
          lines.push(`<link rel="stylesheet" href="{{base_url}}${style}">`);
        lines.push(`<script type="module" fetchpriority="low" src="{{base_url}}${chunk.fileName}"></script>`);
        this.emitFile({ type: "asset", fileName: `pages/app_${chunk.name}.html`, source: lines.join("\n") + "\n" });
      }
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [templateParts(), licenses()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: Object.fromEntries(pages.map((page) => [page, `src/pages/${page}.tsx`])),
      output: {
        entryFileNames: "static/app/[name]-[hash].js",
        chunkFileNames: "static/app/[name]-[hash].js",
        assetFileNames: "static/app/[name]-[hash][extname]",
      },
    },
  },
});
