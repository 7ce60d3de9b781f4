import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Language = "en" | "zh-CN";
export type Words = (key: string, values?: Record<string, string | number>) => string;
type Texts = { [key: string]: string | Texts };

/** The texts that the pages show in a language: what is not in their catalogue is in no page. */
export function wordsOf(module: "web" | "lab", language: Language): Words {
  const file = join(process.env.ATELIER_HOME ?? "", module, "src/texts", `${language}.json`);
  const texts = JSON.parse(readFileSync(file, "utf8")) as Texts;
  const find = (key: string) =>
    key.split(".").reduce<string | Texts | undefined>((place, part) => (typeof place === "object" ? place[part] : undefined), texts);
  return (key, values = {}) => {
    const many = "count" in values ? `_${new Intl.PluralRules(language).select(Number(values.count))}` : "";
    const text = find(key + many) ?? find(key);
    if (typeof text !== "string") {
      throw new Error(`no page says ${key} in ${language}`);
    }
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
}
