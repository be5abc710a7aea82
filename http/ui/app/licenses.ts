import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/// Writes `static/app/licenses.txt`: the terms of every package whose code the scripts hold, as those terms ask for.
export function licenses(): Plugin {
  return {
    name: "licenses",
    generateBundle(_, bundle) {
      const packages = new Set<string>();
      for (const chunk of Object.values(bundle))
        if (chunk.type === "chunk")
          for (const id of chunk.moduleIds) {
            const found = packageOf(id.replace(/^\0/, "").split("?")[0]!);
            if (found) packages.add(found);
          }
      const texts = [...packages].sort().map(termsOf);
      this.emitFile({ type: "asset", fileName: "static/licenses.txt", source: texts.join(`\n${"-".repeat(78)}\n\n`) });
    },
  };
}

function packageOf(file: string): string | null {
  if (!file.includes("/node_modules/")) return null;
  for (let at = dirname(file); at.includes("/node_modules/"); at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version) return at;
  }
  return null;
}

function termsOf(folder: string): string {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `License: ${about.license}`;
  return `${about.name} ${about.version}\n\n${text}\n`;
}
