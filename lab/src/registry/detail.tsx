import { Clipboard, Notification, ReactWidget } from "@jupyterlab/apputils";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import { useEffect, useRef, useState } from "react";
import { refusal } from "../aws";
import { exactly, text } from "../texts";
import { type ChartChoice, type Colours, firstChoice, specOf } from "./chart";
import type { Kind, Registry, Series } from "./kinds";

const VEGA = "application/vnd.vegalite.v5+json";

/** What a detail page shows and the settings pane changes. */
export class Detail {
  readonly changed = new Signal<this, void>(this);
  description: Record<string, unknown> | undefined;
  series: Series[] = [];
  choice: ChartChoice = firstChoice([]);
  trouble: string | undefined;

  constructor(
    private readonly registry: Registry,
    readonly kind: Kind,
    readonly name: string,
  ) {}

  async load(): Promise<void> {
    try {
      this.description = await this.registry.describe(this.kind, this.name);
      this.trouble = undefined;
    } catch (error) {
      this.trouble = refusal(error);
    }
    this.changed.emit();
    if (this.kind.id === "trainingJobs" && this.description) {
      const first = this.series.length === 0;
      // a job without metrics, or a role that may not read them, has a page all the same
      this.series = await this.registry.metrics(this.name).catch(() => []);
      this.choice = first ? firstChoice(this.series) : this.choice;
      this.changed.emit();
    }
  }

  choose(choice: Partial<ChartChoice>): void {
    this.choice = { ...this.choice, ...choice };
    this.changed.emit();
  }
}

function colours(): Colours {
  const style = getComputedStyle(document.body);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: value("--jp-ui-font-color1"),
    grid: value("--jp-border-color2"),
    marks: ["--jp-brand-color1", "--jp-warn-color1", "--jp-success-color1", "--jp-error-color1", "--jp-accent-color1", "--jp-info-color1"].map(value),
  };
}

function Chart({ detail, rendermime }: { detail: Detail; rendermime: IRenderMimeRegistry }) {
  const place = useRef<HTMLDivElement>(null);
  const { series, choice } = detail;
  useEffect(() => {
    const node = place.current;
    if (!node) {
      return undefined;
    }
    const words = { value: text("registry.value"), time: text("registry.time"), step: text("registry.step"), count: text("registry.count") };
    const renderer = rendermime.createRenderer(VEGA);
    const data = { [VEGA]: specOf(series, choice, colours(), words) as never };
    Widget.attach(renderer, node);
    void renderer.renderModel(rendermime.createModel({ data, metadata: { [VEGA]: { embed_options: { actions: false } } } }));
    return () => renderer.dispose();
  }, [series, choice, rendermime]);
  return <div ref={place} className="atelier-chart" role="img" aria-label={text("registry.chartOf", { names: choice.metrics.join(", ") })} />;
}

/** The numbers behind the chart, for those who do not see it. */
function Values({ series, metrics }: { series: Series[]; metrics: string[] }) {
  return (
    <div className="atelier-scroll">
      <table className="atelier-table" aria-label={text("registry.lastValues")}>
        <thead>
          <tr>
            <th scope="col">{text("registry.metric")}</th>
            <th scope="col" className="atelier-number">{text("registry.points")}</th>
            <th scope="col" className="atelier-number">{text("registry.least")}</th>
            <th scope="col" className="atelier-number">{text("registry.most")}</th>
            <th scope="col" className="atelier-number">{text("registry.last")}</th>
          </tr>
        </thead>
        <tbody>
          {series
            .filter((each) => metrics.includes(each.name))
            .map(({ name, points }) => {
              const values = points.map((point) => point.value);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="atelier-number">{points.length}</td>
                  <td className="atelier-number">{short(Math.min(...values))}</td>
                  <td className="atelier-number">{short(Math.max(...values))}</td>
                  <td className="atelier-number">{short(values.at(-1) ?? Number.NaN)}</td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </div>
  );
}

/** As many digits as one compares; what is copied has all of them. */
const short = (value: number): string => String(Number(value.toPrecision(6)));

function fact(value: unknown): string {
  return value instanceof Date ? exactly(value) : String(value);
}

function Page({ detail, rendermime }: { detail: Detail; rendermime: IRenderMimeRegistry }) {
  const [, turn] = useState(0);
  useEffect(() => {
    const fresh = () => turn((count) => count + 1);
    detail.changed.connect(fresh);
    return () => {
      detail.changed.disconnect(fresh);
    };
  }, [detail]);
  const { description, trouble, series, choice } = detail;
  const entries = Object.entries(description ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const scalars = entries.filter(([, value]) => typeof value !== "object" || value instanceof Date);
  const nested = entries.filter(([, value]) => typeof value === "object" && !(value instanceof Date));
  const arnName = detail.kind.name.replace(/Name$/, "Arn");
  const arn = scalars.find(([name]) => name === arnName)?.[1];
  const simple = scalars.filter(([name]) => name !== arnName && name !== detail.kind.name);
  const copy = (what: string) => {
    Clipboard.copyToSystem(what);
    Notification.info(text("s3.copied"), { autoClose: 2000 });
  };
  return (
    <div className="atelier-sheet">
      <h1>{detail.name}</h1>
      {typeof arn === "string" && <p className="atelier-arn">{arn}</p>}
      <div className="atelier-buttons">
        <button type="button" className="atelier-noteButton" onClick={() => void detail.load()}>
          {text("words.refresh")}
        </button>
        {typeof arn === "string" && (
          <button type="button" className="atelier-noteButton" onClick={() => copy(arn)}>
            {text("registry.copyArn")}
          </button>
        )}
        <button type="button" className="atelier-noteButton" onClick={() => copy(JSON.stringify(description, undefined, 2))}>
          {text("registry.copyJson")}
        </button>
      </div>
      {trouble && (
        <p className="atelier-problem" role="alert">
          {trouble}
        </p>
      )}
      {!description && !trouble && <p className="atelier-note">{text("words.loading")}</p>}
      {series.length > 0 && (
        <>
          <h2>{text("registry.metrics")}</h2>
          <Chart detail={detail} rendermime={rendermime} />
          <Values series={series} metrics={choice.metrics} />
        </>
      )}
      <dl className="atelier-pairs">
        {simple.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact(value)}</dd>
          </div>
        ))}
      </dl>
      {nested.map(([name, value]) => (
        <section key={name}>
          <h2>{name}</h2>
          <pre className="atelier-text" tabIndex={0}>
            {JSON.stringify(value, undefined, 2)}
          </pre>
        </section>
      ))}
    </div>
  );
}

/** One resource: all that its Describe operation tells, and a chart of what it measured. */
export class DetailWidget extends ReactWidget {
  constructor(
    readonly detail: Detail,
    private readonly rendermime: IRenderMimeRegistry,
  ) {
    super();
    this.addClass("atelier-page");
    void detail.load();
  }

  protected override render() {
    return <Page detail={this.detail} rendermime={this.rendermime} />;
  }
}
