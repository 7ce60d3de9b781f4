import type { InstanceType } from "./contract";

/** What the toolbar shows of an instance type, in AWS's words: "4 vCPU + 16 GiB + 1 GPU". */
export function size(type: InstanceType): string {
  const parts = [`${type.vcpu} vCPU`, `${type.memoryGiB} GiB`];
  return (type.gpus > 0 ? [...parts, `${type.gpus} GPU`] : parts).join(" + ");
}

export type Column = "name" | "vcpu" | "memoryGiB" | "gpus" | "pricePerHour" | "fastLaunch" | "available";

export interface Order {
  column: Column;
  descending: boolean;
}

function compare(column: Column, one: InstanceType, other: InstanceType): number {
  const a = one[column];
  const b = other[column];
  if (typeof a === "boolean" || typeof b === "boolean") {
    // what one wants comes first
    return Number(b) - Number(a);
  }
  if (typeof a === "string" || typeof b === "string") {
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  // what has no price stands after what has one
  return (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY) || 0;
}

/** The rows of the table of instance types, those that cannot be had last: equal ones by memory, then by name. */
export function rows(types: InstanceType[], fastOnly: boolean, order: Order): InstanceType[] {
  const sign = order.descending ? -1 : 1;
  return types
    .filter((type) => !fastOnly || type.fastLaunch)
    .sort(
      (one, other) =>
        compare("available", one, other) ||
        sign * compare(order.column, one, other) ||
        compare("memoryGiB", one, other) ||
        compare("name", one, other),
    );
}

/** A price with as many digits as it was given, two at least. */
export function price(perHour: number | null | undefined): string {
  if (perHour === null || perHour === undefined) {
    return "–";
  }
  const text = String(perHour);
  return `$${/\.\d{2,}$/.test(text) ? text : perHour.toFixed(2)}`;
}
