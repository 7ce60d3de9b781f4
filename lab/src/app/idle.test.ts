import { expect, test } from "vitest";
import { countdown } from "./idle";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const at = (stopsAt?: string) => countdown({ reasons: [], ...(stopsAt ? { stopsAt } : {}) }, NOW);

test("the end is told ten, five and one minutes before", () => {
  expect(at("2026-11-21T12:10:01Z")).toBeUndefined();
  expect(at("2026-11-21T12:10:00Z")).toEqual({ minutes: 10, notice: 10 });
  expect(at("2026-11-21T12:05:30Z")).toEqual({ minutes: 6, notice: 10 });
  expect(at("2026-11-21T12:04:30Z")).toEqual({ minutes: 5, notice: 5 });
  expect(at("2026-11-21T12:00:10Z")).toEqual({ minutes: 1, notice: 1 });
  expect(at("2026-11-21T11:59:00Z")).toEqual({ minutes: 0, notice: 1 });
});

test("an app that is busy, or that nothing ends, has no countdown", () => {
  expect(at()).toBeUndefined();
});
