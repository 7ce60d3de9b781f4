import { expect, test } from "vitest";
import { loadOf, type Sample } from "./load";

const at = (seconds: number, more: Partial<Sample> = {}): Sample => ({
  memoryBytes: 1, memoryLimitBytes: 4, cpuSeconds: 10, cpus: 2, at: seconds * 1000, ...more,
});

test("the load of processors is what was used between two answers, of all there are", () => {
  expect(loadOf(at(0), undefined)).toEqual({ memory: 0.25, level: "calm" });
  expect(loadOf(at(5, { cpuSeconds: 15 }), at(0))).toEqual({ memory: 0.25, cpu: 0.5, level: "calm" });
  expect(loadOf(at(5, { cpuSeconds: 90 }), at(0)).cpu).toBe(1);
  expect(loadOf(at(5, { cpuSeconds: 9 }), at(0)).cpu).toBeUndefined();
  expect(loadOf(at(0), at(0)).cpu).toBeUndefined();
});

test("memory that runs short is said", () => {
  expect(loadOf(at(0, { memoryBytes: 3.2 }), undefined).level).toBe("high");
  expect(loadOf(at(0, { memoryBytes: 3.9 }), undefined).level).toBe("full");
  expect(loadOf(at(0, { memoryBytes: 9 }), undefined).memory).toBe(1);
});
