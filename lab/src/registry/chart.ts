import type { Series } from "./kinds";

/** How a chart is drawn. */
export interface ChartChoice {
  type: "line" | "scatter" | "histogram";
  /** Metrics that are drawn, by their names. */
  metrics: string[];
  x: "time" | "step";
  scale: "linear" | "log";
}

/** Colours of the page, as Vega takes them. */
export interface Colours {
  text: string;
  grid: string;
  marks: string[];
}

export const firstChoice = (series: Series[]): ChartChoice => ({
  type: "line", metrics: series.slice(0, 4).map((each) => each.name), x: "time", scale: "linear",
});

/** Rows for a chart: one for each point of the metrics that are drawn. */
export function chartRows(series: Series[], choice: ChartChoice): Record<string, string | number>[] {
  return series
    .filter((each) => choice.metrics.includes(each.name))
    .flatMap(({ name, points }) =>
      points
        // a logarithm has no place for what is not above zero
        .filter(({ value }) => Number.isFinite(value) && (choice.scale === "linear" || choice.type === "histogram" || value > 0))
        .map(({ time, value }, step) => ({ metric: name, time, step: step + 1, value })),
    );
}

/** The chart in the words of Vega-Lite. */
export function specOf(series: Series[], choice: ChartChoice, colours: Colours, words: Record<"value" | "time" | "step" | "count", string>) {
  const names = series.map((each) => each.name);
  const color = {
    field: "metric", type: "nominal", title: null,
    scale: { domain: names.filter((name) => choice.metrics.includes(name)),
      range: names.flatMap((name, at) => (choice.metrics.includes(name) ? [colours.marks[at % colours.marks.length]] : [])) },
  };
  const x = choice.x === "time"
    ? { field: "time", type: "temporal", title: words.time }
    : { field: "step", type: "quantitative", title: words.step, axis: { tickMinStep: 1 } };
  const y = { field: "value", type: "quantitative", title: words.value, scale: { type: choice.scale, zero: false } };
  const tooltip = [{ field: "metric" }, { field: "value" }, choice.x === "time"
    ? { field: "time", type: "temporal", format: "%H:%M:%S" } : { field: "step" }];
  const drawn = choice.type === "histogram"
    ? { mark: { type: "bar", opacity: 0.7 }, encoding: { x: { field: "value", bin: { maxbins: 30 }, type: "quantitative", title: words.value },
        y: { aggregate: "count", stack: null, title: words.count }, color } }
    : { mark: choice.type === "line" ? { type: "line", point: { size: 24 } } : { type: "point", filled: true },
        encoding: { x, y, color, tooltip } };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    width: "container", height: 280, background: "transparent",
    autosize: { type: "fit", contains: "padding" },
    data: { values: chartRows(series, choice) },
    ...drawn,
    config: {
      axis: { labelColor: colours.text, titleColor: colours.text, gridColor: colours.grid, domainColor: colours.grid, tickColor: colours.grid },
      legend: { labelColor: colours.text, orient: "top" },
      view: { stroke: null },
    },
    usermeta: { embedOptions: { actions: false } },
  };
}
