import { expect, test } from "vitest";
import type { InstanceType } from "./contract";
import { type Column, price, rows, size } from "./sizes";

const type = (name: string, vcpu: number, memoryGiB: number, more: Partial<InstanceType> = {}): InstanceType => ({
  name, vcpu, memoryGiB, gpus: 0, fastLaunch: false, pricePerHour: null, available: true, ...more,
});

const TYPES = [
  type("ml.m5.24xlarge", 96, 384, { pricePerHour: 5.53 }),
  type("ml.m5.4xlarge", 16, 64, { pricePerHour: 0.922, available: false }),
  type("ml.t3.medium", 2, 4, { pricePerHour: 0.05, fastLaunch: true }),
  type("ml.c5.large", 2, 4, { fastLaunch: true }),
  type("ml.g4dn.xlarge", 4, 16, { gpus: 1, gpu: "T4", pricePerHour: 0.7364, fastLaunch: true }),
];

const names = (fastOnly: boolean, column: Column, descending = false) =>
  rows(TYPES, fastOnly, { column, descending }).map((each) => each.name);

test("a size is told in AWS's words", () => {
  expect(TYPES.map(size)).toEqual(["96 vCPU + 384 GiB", "16 vCPU + 64 GiB", "2 vCPU + 4 GiB", "2 vCPU + 4 GiB",
    "4 vCPU + 16 GiB + 1 GPU"]);
});

test("the switch leaves what launches fast", () => {
  expect(names(true, "name")).toEqual(["ml.c5.large", "ml.g4dn.xlarge", "ml.t3.medium"]);
});

test("every column sorts, numbers as numbers, and what has no price comes last", () => {
  expect(names(false, "name")).toEqual(["ml.c5.large", "ml.g4dn.xlarge", "ml.m5.24xlarge", "ml.t3.medium", "ml.m5.4xlarge"]);
  expect(names(false, "vcpu")).toEqual(["ml.c5.large", "ml.t3.medium", "ml.g4dn.xlarge", "ml.m5.24xlarge", "ml.m5.4xlarge"]);
  expect(names(false, "memoryGiB", true)[0]).toBe("ml.m5.24xlarge");
  expect(names(false, "pricePerHour")).toEqual(["ml.t3.medium", "ml.g4dn.xlarge", "ml.m5.24xlarge", "ml.c5.large", "ml.m5.4xlarge"]);
  expect(names(false, "fastLaunch")[0]).toBe("ml.c5.large");
  expect(names(false, "gpus", true)[0]).toBe("ml.g4dn.xlarge");
});

test("what cannot be had comes last, whatever the order", () => {
  for (const column of ["name", "vcpu", "available"] as const) {
    expect([names(false, column), names(false, column, true)].map((each) => each.at(-1))).toEqual(["ml.m5.4xlarge", "ml.m5.4xlarge"]);
  }
});

test("sorting changes no list that is given", () => {
  const before = TYPES.map((each) => each.name);
  names(false, "name");
  expect(TYPES.map((each) => each.name)).toEqual(before);
});

test("prices keep their digits and have two at least", () => {
  expect([0.05, 0.1, 3, 0.7364, null].map(price)).toEqual(["$0.05", "$0.10", "$3.00", "$0.7364", "–"]);
});
