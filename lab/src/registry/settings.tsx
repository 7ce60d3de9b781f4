import { ReactWidget } from "@jupyterlab/apputils";
import { text } from "../texts";
import type { ChartChoice } from "./chart";
import type { Detail } from "./detail";

function Choice<K extends "type" | "x" | "scale">({
  detail,
  member,
  values,
}: {
  detail: Detail;
  member: K;
  values: ChartChoice[K][];
}) {
  return (
    <label>
      <span>{text(`registry.setting.${member}`)}</span>
      <select
        value={detail.choice[member]}
        onChange={(event) => detail.choose({ [member]: event.target.value } as Partial<ChartChoice>)}
      >
        {values.map((value) => (
          <option key={value} value={value}>
            {text(`registry.choice.${value}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The settings of the table and chart that are in front. */
export class SettingsPane extends ReactWidget {
  private detail: Detail | undefined;

  constructor() {
    super();
    this.addClass("atelier-panel");
  }

  showDetail(detail: Detail | undefined): void {
    if (this.detail !== detail) {
      this.detail?.changed.disconnect(this.fresh, this);
      this.detail = detail;
      detail?.changed.connect(this.fresh, this);
    }
    this.update();
  }

  private fresh(): void {
    this.update();
  }

  protected override render() {
    const { detail } = this;
    return (
      <div className="atelier-panelBody">
        <div className="atelier-panelHead">
          <h1>{text("registry.settings")}</h1>
        </div>
        {!detail || detail.series.length === 0 ? (
          <p className="atelier-empty">{text("registry.noChart")}</p>
        ) : (
          <div className="atelier-form atelier-padded">
            <Choice detail={detail} member="type" values={["line", "scatter", "histogram"]} />
            <Choice detail={detail} member="x" values={["time", "step"]} />
            <Choice detail={detail} member="scale" values={["linear", "log"]} />
            <fieldset className="atelier-metrics">
              <legend>{text("registry.metrics")}</legend>
              {detail.series.map(({ name }) => {
                const { metrics } = detail.choice;
                return (
                  <label key={name} className="atelier-check">
                    <input
                      type="checkbox"
                      checked={metrics.includes(name)}
                      onChange={(event) =>
                        detail.choose({ metrics: event.target.checked ? [...metrics, name] : metrics.filter((each) => each !== name) })
                      }
                    />
                    <span>{name}</span>
                  </label>
                );
              })}
            </fieldset>
          </div>
        )}
      </div>
    );
  }
}
