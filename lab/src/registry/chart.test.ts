import { expect, test } from "vitest";
import { chartRows, firstChoice, specOf } from "./chart";
import type { Series } from "./kinds";

const SERIES: Series[] = [
  { name: "train:loss", points: [{ time: 1000, value: 0.5 }, { time: 2000, value: 0 }, { time: 3000, value: Number.NaN }] },
  { name: "validation:auc", points: [{ time: 1500, value: 0.9 }] },
];
const COLOURS = { text: "#111", grid: "#ddd", marks: ["red", "blue"] };
const WORDS = { value: "Value", time: "Time", step: "Step", count: "Count" };

test("only chosen metrics are drawn, and what is no number is left out", () => {
  const choice = { ...firstChoice(SERIES), metrics: ["train:loss"] };
  expect(chartRows(SERIES, choice)).toEqual([
    { metric: "train:loss", time: 1000, step: 1, value: 0.5 }, { metric: "train:loss", time: 2000, step: 2, value: 0 },
  ]);
});

test("a logarithmic scale leaves out what has no logarithm", () => {
  expect(chartRows(SERIES, { ...firstChoice(SERIES), scale: "log" }).map((each) => each.value)).toEqual([0.5, 0.9]);
});

test("a metric keeps its colour when another one is left out", () => {
  const spec = specOf(SERIES, { ...firstChoice(SERIES), metrics: ["validation:auc"] }, COLOURS, WORDS);
  expect(spec.encoding.color.scale).toEqual({ domain: ["validation:auc"], range: ["blue"] });
});

test("the kind of chart and its axis are as chosen", () => {
  const first = firstChoice(SERIES);
  expect(specOf(SERIES, first, COLOURS, WORDS)).toMatchObject({ mark: { type: "line" }, encoding: { x: { field: "time" } } });
  expect(specOf(SERIES, { ...first, type: "scatter", x: "step" }, COLOURS, WORDS))
    .toMatchObject({ mark: { type: "point" }, encoding: { x: { field: "step" } } });
  expect(specOf(SERIES, { ...first, type: "histogram" }, COLOURS, WORDS))
    .toMatchObject({ mark: { type: "bar" }, encoding: { y: { aggregate: "count" } } });
});
