import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

type Texts = { [key: string]: string | Texts };
type Values = Record<string, string | number>;

let language: "en" | "zh-CN" = "en";
let catalogue: Texts = en;

/** Chooses the language by JupyterLab's name of it; Chinese of any kind, else English. */
export function speak(code: string): void {
  language = code.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  catalogue = language === "zh-CN" ? zh : en;
}

function find(key: string): string | undefined {
  let place: string | Texts | undefined = catalogue;
  for (const part of key.split(".")) {
    place = typeof place === "object" ? place[part] : undefined;
  }
  return typeof place === "string" ? place : undefined;
}

/** A text of the pages in the chosen language; `count` chooses between one and many. */
export function text(key: string, values: Values = {}): string {
  const many = "count" in values ? new Intl.PluralRules(language).select(Number(values.count)) : "";
  const found = (many && find(`${key}_${many}`)) ?? find(key) ?? find(`${key}_other`) ?? key;
  return (found || find(key) || key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** A text if the catalogue has it: for words that come from outside, such as states. */
export function word(key: string, otherwise: string): string {
  return find(key) ?? otherwise;
}

export function moment(at: string | Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

export function exactly(at: Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" }).format(at);
}

/** How long ago, in the largest unit that gives a whole number. */
export function ago(at: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(at).getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]] as const;
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ["second", 1];
  return format.format(-Math.floor(seconds / size), unit);
}

/** A span as a clock shows it: "1:05", "2:01:40". */
export function span(from: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - new Date(from).getTime()) / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: unit === 0 ? 0 : 1 }).format(value)} ${units[unit]}`;
}
