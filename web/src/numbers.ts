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
