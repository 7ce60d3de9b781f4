import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import react from "@vitejs/plugin-react";
import { build, defineConfig, type InlineConfig, type Plugin } from "vite";
import { weighed } from "./build/weight.ts";

const SHEET = "virtual:character.css";
const REGIONS = "virtual:regions";
const PARTITIONS = resolve(
  "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js",
);
const SERVED = ["aws", "aws-cn", "aws-us-gov"];

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

/** The regions that AWS's own client knows, by partition; it names them to nobody else. */
function regions(): Plugin {
  return {
    name: "atelier-regions",
    resolveId: (id) => (id === REGIONS ? `\0${REGIONS}` : undefined),
    async load(id) {
      if (id !== `\0${REGIONS}`) {
        return undefined;
      }
      const { partitionsInfo } = (await import(pathToFileURL(PARTITIONS).href)) as {
        partitionsInfo: { partitions: { id: string; regions: Record<string, { description: string }> }[] };
      };
      const known = partitionsInfo.partitions
        .filter(({ id }) => SERVED.includes(id))
        .flatMap((each) => Object.entries(each.regions))
        .filter(([name]) => /-\d+$/.test(name))
        .map(([name, { description }]) => ({ name, description }));
      return `export default ${JSON.stringify(known)};`;
    },
  };
}

/** Leaves out the typeface that Cloudscape's sheet carries in itself: Atelier's own is the system's, and it is most of the sheet. */
function withoutFaces(): Plugin {
  return {
    name: "atelier-without-faces",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("global-styles/index.css") ? { code: code.replace(/@font-face\s*\{[^}]*\}/g, ""), map: null } : undefined,
  };
}

/** Leaves out what Cloudscape's layout has for telling of news, which nothing here does, and the dragging that it brings. */
function withoutNews(): Plugin {
  return {
    name: "atelier-without-news",
    enforce: "pre",
    load: (id) =>
      id.endsWith("/drawer/feature-notifications-drawer-content.js")
        ? "export const RuntimeContentPart = () => null;\nexport default RuntimeContentPart;"
        : undefined,
  };
}

export default defineConfig({
  plugins: [withoutFaces(), withoutNews(), character(), regions(), react(), weighed()],
  build: {
    outDir: "target/dist/console",
    emptyOutDir: true,
    // the pages' policy allows no inline script
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
