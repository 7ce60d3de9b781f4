import { expect, test, vi } from "vitest";

vi.stubGlobal("navigator", { language: "en" });
vi.stubGlobal("location", { search: "" });
vi.stubGlobal("localStorage", { getItem: () => null });
const { daily, money, payer } = await import("./usage");

const entry = {
  id: 1,
  kind: "app",
  resource: "arn",
  instanceType: "ml.m5.large",
  instances: 2,
  hours: 0,
  cost: 0,
  pricePerHour: 0.1,
};

test("a machine that ran over midnight costs on both days, and one that runs still costs until now", () => {
  const from = new Date("2026-03-01T00:00:00Z");
  const to = new Date("2026-03-03T06:00:00Z");
  const { days, types } = daily(
    [
      { ...entry, startedAt: "2026-03-01T22:00:00Z", endedAt: "2026-03-02T01:00:00Z" },
      { ...entry, id: 2, instances: 1, startedAt: "2026-03-03T00:00:00Z" },
      { ...entry, id: 3, instanceType: "system", pricePerHour: undefined, startedAt: "2026-03-01T00:00:00Z" },
    ],
    from,
    to,
  );
  expect(days.map((day) => day.toISOString().slice(0, 10))).toEqual(["2026-03-01", "2026-03-02", "2026-03-03"]);
  expect(types.get("ml.m5.large")?.map((cost) => cost.toFixed(4))).toEqual(["0.4000", "0.2000", "0.6000"]);
  expect(types.get("system")).toEqual([0, 0, 0]);
});

test("what began before the time counts from its beginning", () => {
  const { types } = daily(
    [{ ...entry, instances: 1, startedAt: "2026-02-01T00:00:00Z", endedAt: "2026-03-01T01:00:00Z" }],
    new Date("2026-03-01T00:00:00Z"),
    new Date("2026-03-01T12:00:00Z"),
  );
  expect(types.get("ml.m5.large")).toEqual([0.1]);
});

test("money keeps the digits that small amounts have", () => {
  expect(money(12.345, "USD")).toBe("$12.35");
  expect(money(0.0042, "USD")).toBe("$0.0042");
  expect(payer({ domain: "d-1", user: "dana" })).toBe("d-1 / dana");
  expect(payer({})).toBe("");
});
