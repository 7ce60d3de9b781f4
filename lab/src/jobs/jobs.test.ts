import { expect, test } from "vitest";
import { DAYS, expressionOf, INTERVALS, nameFor, objectOf, parametersIn, type Timing, timingOf, TIMING } from "./jobs";

test("every interval is an expression that is read back", () => {
  for (const interval of INTERVALS) {
    for (const weekday of DAYS) {
      const timing: Timing = { ...TIMING, interval, time: "18:05", minute: 5, day: 12, weekday, expression: "rate(3 days)" };
      expect(expressionOf(timingOf(expressionOf(timing)))).toBe(expressionOf(timing));
      expect(timingOf(expressionOf(timing)).interval).toBe(interval);
    }
  }
  expect(expressionOf({ ...TIMING, interval: "week", time: "08:30", weekday: "FRI" })).toBe("cron(30 8 ? * FRI *)");
});

test("what the form cannot ask for is a text", () => {
  expect(timingOf("cron(0/10 * * * ? *)")).toMatchObject({ interval: "custom", expression: "cron(0/10 * * * ? *)" });
});

test("the cell of parameters is the one with the tag", () => {
  const cell = (tags: string[] | undefined, source: string | string[]) => ({ cell_type: "code", metadata: { tags }, source });
  const notebook = (...cells: unknown[]) => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }) as never;
  expect(parametersIn(notebook(cell(undefined, "a"), cell(["parameters"], ["x = 1\n", "y = 2"])))).toBe("x = 1\ny = 2");
  expect(parametersIn(notebook(cell(["other"], "a")))).toBeUndefined();
});

test("empty rows say nothing, and names fit", () => {
  expect(objectOf([[" a ", " 1"], ["", "2"]])).toEqual({ a: " 1" });
  expect(nameFor("a/My notebook (1).ipynb")).toBe("My-notebook-1");
  expect(nameFor("数据.ipynb")).toBe("notebook-job");
  expect(nameFor(`${"a-".repeat(40)}.ipynb`)).toMatch(/^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/);
});
