import { settings } from "./settings";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A size in the largest unit that leaves digits before the point. */
export function bytes(count: number | undefined): string {
  if (count === undefined) {
    return "–";
  }
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 ? 0 : value < 10 ? 2 : 1;
  return `${new Intl.NumberFormat(settings().language, { maximumFractionDigits: digits }).format(value)} ${UNITS[unit]}`;
}

/** A moment with its zone. */
export function moment(at: Date | number | undefined): string {
  return at === undefined
    ? "–"
    : new Intl.DateTimeFormat(settings().language, { dateStyle: "medium", timeStyle: "long" }).format(at);
}

/** How long something took, or takes until now: the two largest units that matter. */
export function span(begun: Date, ended: Date = new Date()): string {
  const seconds = Math.max(0, Math.round((ended.getTime() - begun.getTime()) / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "day"],
    [Math.floor(seconds / 3600) % 24, "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return (first < 0 ? parts.slice(3) : parts.slice(first, first + 2).filter(([count]) => count > 0))
    .map(([value, unit]) =>
      new Intl.NumberFormat(settings().language, { style: "unit", unit, unitDisplay: "narrow" }).format(value),
    )
    .join(" ");
}

/** A moment, and beside it how long ago that is. */
export function ago(at: Date | undefined): string {
  if (!at) {
    return "–";
  }
  const seconds = (at.getTime() - Date.now()) / 1000;
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [size, unit] = steps.find(([each]) => Math.abs(seconds) >= each) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(settings().language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
