import { useSyncExternalStore } from "react";

/** What a user chose to see; kept by the browser. */
export interface Settings {
  language: "en" | "zh-CN";
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  region: string;
  /** Rows of a page of a list. */
  rows: number;
}

export const ROWS = [10, 50, 200];

/** Whether a text has the form of a region's name; the server takes every one. */
export function isRegion(text: string | null | undefined): text is string {
  return /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(text ?? "");
}

const PLACE = "atelier.settings";
const listeners = new Set<() => void>();
let current = read();

function read(): Settings {
  const first: Settings = {
    language: navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en",
    theme: "system",
    density: "comfortable",
    region: "us-east-1",
    rows: 50,
  };
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Settings>;
    return {
      language: kept.language === "en" || kept.language === "zh-CN" ? kept.language : first.language,
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
      density: kept.density === "compact" ? "compact" : "comfortable",
      region: [new URLSearchParams(location.search).get("region"), kept.region].find(isRegion) ?? first.region,
      rows: kept.rows && ROWS.includes(kept.rows) ? kept.rows : first.rows,
    };
  } catch {
    // whatever lies there is not ours
    return first;
  }
}

export function settings(): Settings {
  return current;
}

export function choose(change: Partial<Settings>): void {
  current = { ...current, ...change };
  localStorage.setItem(PLACE, JSON.stringify(current));
  listeners.forEach((listener) => listener());
}

export function useSettings(): Settings {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, settings);
}
