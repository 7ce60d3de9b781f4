import react from "@vitejs/plugin-react";
import { build, defineConfig, type InlineConfig, type Plugin } from "vite";

const SHEET = "virtual:character.css";

/** Makes the theme's sheet while building: what computes it is larger than all of the pages. */
function character(): Plugin {
  return {
    name: "atelier-character",
    resolveId: (id) => (id === SHEET ? `\0${SHEET}` : undefined),
    async load(id) {
      if (id !== `\0${SHEET}`) {
        return undefined;
      }
      const built = (await build({
        configFile: false,
        logLevel: "silent",
        ssr: { noExternal: true },
        build: { ssr: "src/character.ts", write: false, rolldownOptions: { output: { codeSplitting: false } } },
      } as InlineConfig)) as { output: { code: string }[] };
      const code = Buffer.from(built.output[0]?.code ?? "").toString("base64");
      const made = (await import(`data:text/javascript;base64,${code}`)) as { character(): string };
      return made.character();
    },
  };
}

export default defineConfig({
  plugins: [character(), react()],
  build: {
    outDir: "target/dist/console",
    emptyOutDir: true,
    // the pages' policy allows no inline script
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
