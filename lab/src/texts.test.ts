import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, under = ""): Map<string, string> {
  const all = new Map<string, string>();
  Object.entries(texts).forEach(([name, value]) => {
    if (typeof value === "string") {
      all.set(under + name, value);
    } else {
      flat(value, `${under}${name}.`).forEach((text, key) => all.set(key, text));
    }
  });
  return all;
}

const stem = (key: string) => key.replace(/_(one|other)$/, "");
const stems = (texts: Texts) => [...new Set([...flat(texts).keys()].map(stem))].sort();

/** The keys that the sources ask for; one that is put together ends with what is known of it. */
function used(): { whole: Set<string>; begun: Set<string> } {
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(__dirname, name), "utf8"))
    .join("\n");
  const whole = new Set<string>();
  const begun = new Set<string>();
  const namespaces = Object.keys(en).join("|");
  for (const match of files.matchAll(new RegExp(`["\`]((?:${namespaces})\\.[A-Za-z.]*)(\\$\\{)?`, "g"))) {
    (match[2] ? begun : whole).add(match[1] ?? "");
  }
  return { whole, begun };
}

test("both catalogues have the same texts", () => {
  expect(stems(zh)).toEqual(stems(en));
});

test("every text that is asked for is there, and every one that is there is asked for", () => {
  const { whole, begun } = used();
  const known = stems(en);
  expect(whole.size).toBeGreaterThan(30);
  expect([...whole].filter((key) => !known.includes(key))).toEqual([]);
  const asked = (key: string) => whole.has(key) || [...begun].some((beginning) => key.startsWith(beginning));
  expect(known.filter((key) => !asked(key))).toEqual([]);
});

test("texts name the same values, and none is empty or left untranslated", () => {
  const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
  const chinese = flat(zh);
  const english = flat(en);
  for (const [key, text] of chinese) {
    const other = english.get(key) ?? "";
    expect(values(text), key).toEqual(values(other));
    expect(text.trim(), key).not.toBe("");
    if (/[a-z]{3} [a-z]/.test(other)) {
      expect(text, key).toMatch(/[\u4e00-\u9fff]/);
    }
  }
});
