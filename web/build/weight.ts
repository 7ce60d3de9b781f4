import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** The most of scripts that a page may need for its first paint, compressed as they travel, the shell's too. */
const MOST = 456 * 1024;
/** What every page is shown in. */
const SHELL = ["src/main.tsx", "src/signed-in.tsx"];
/** Texts of one language: the pages', and Cloudscape's. */
const TEXTS = ["src/texts/zh-CN.json", "all.zh-CN"];

interface Chunk {
  type: "chunk";
  fileName: string;
  code: string;
  imports: string[];
  dynamicImports: string[];
  isDynamicEntry: boolean;
  facadeModuleId: string | null;
  viteMetadata?: { importedCss: Set<string> };
}

interface Asset {
  type: "asset";
  source: string | Uint8Array;
}

type Bundle = Record<string, Chunk | Asset>;

/** The files that come along with one: what it imports, and their sheets. */
function along(bundle: Bundle, file: string, found: Set<string>): Set<string> {
  const chunk = bundle[file];
  if (chunk?.type === "chunk" && !found.has(file)) {
    found.add(file);
    chunk.viteMetadata?.importedCss.forEach((sheet) => found.add(sheet));
    chunk.imports.forEach((each) => along(bundle, each, found));
  }
  return found;
}

/** What a page needs for its first paint, in bytes as they travel. */
export interface Weight {
  scripts: number;
  sheets: number;
}

/** What each page weighs, by its source. */
export function weights(bundle: Bundle): Map<string, Weight> {
  const chunks = Object.values(bundle).filter((each): each is Chunk => each.type === "chunk");
  const heavy = new Map<string, number>();
  const weight = (file: string): number => {
    const known = heavy.get(file);
    if (known !== undefined) {
      return known;
    }
    const each = bundle[file];
    const bytes = each?.type === "chunk" ? each.code : (each?.source ?? "");
    heavy.set(file, gzipSync(bytes).length);
    return heavy.get(file) ?? 0;
  };
  const of = (ending: string) => chunks.filter((each) => each.facadeModuleId?.includes(ending)).map((each) => each.fileName);
  const shell = [...SHELL, ...TEXTS, "index.html"].flatMap(of);
  const pages = chunks.filter((each) => each.isDynamicEntry && each.facadeModuleId?.includes("/src/pages/"));
  return new Map(
    pages.map((page) => {
      const files = new Set<string>();
      const around = pages.filter((each) => each.dynamicImports.includes(page.fileName)).map((each) => each.fileName);
      [...shell, ...around, page.fileName].forEach((file) => along(bundle, file, files));
      const name = page.facadeModuleId?.replace(/.*\/src\/pages\//, "").replace(/\.tsx$/, "") ?? "";
      const sum = (ending: string) =>
        [...files].filter((file) => file.endsWith(ending)).reduce((bytes, file) => bytes + weight(file), 0);
      return [name, { scripts: sum(".js"), sheets: sum(".css") }];
    }),
  );
}

/** Tells what each page weighs, and ends a build in which one is too heavy. */
export function weighed(): Plugin {
  return {
    name: "atelier-weight",
    writeBundle(_, bundle) {
      const all = [...weights(bundle as unknown as Bundle)].sort(([, one], [, other]) => other.scripts - one.scripts);
      const kib = (bytes: number) => (bytes / 1024).toFixed(0).padStart(5);
      const lines = all.map(([name, { scripts, sheets }]) => `${kib(scripts)} ${kib(sheets)}  ${name}`);
      console.log(`KiB of scripts and of sheets that each page needs with its shell, compressed:\n${lines.join("\n")}`);
      const heavy = all.filter(([, { scripts }]) => scripts > MOST).map(([name]) => name);
      if (heavy.length || !all.length) {
        this.error(`pages over ${MOST / 1024} KiB: ${heavy.join(", ") || "none was found"}`);
      }
    },
  };
}
