import { ReactWidget } from "@jupyterlab/apputils";
import { ask } from "../own-api";
import { bytes, percent, text } from "../texts";
import { type Load, loadOf, type Sample, type Usage } from "./load";

const EVERY_MS = 5_000;

interface Meter {
  name: string;
  sample: Sample;
  load: Load;
}

function Bar({ name, sample, load }: Meter) {
  const memory = text("meter.memory", { used: bytes(sample.memoryBytes), limit: bytes(sample.memoryLimitBytes) });
  const cpu = load.cpu === undefined ? undefined : text("meter.cpu", { share: percent(load.cpu) });
  const facts = [name, memory, text("meter.cpus", { count: sample.cpus }), cpu, load.level === "calm" ? undefined : text(`meter.${load.level}`)];
  return (
    <span className={`atelier-meter atelier-is-${load.level}`} title={facts.filter(Boolean).join("\n")}>
      <span>{name}</span>
      <span className="atelier-meterBar" aria-hidden="true">
        <span style={{ width: `${Math.round(load.memory * 100)}%` }} />
      </span>
      <span>{[bytes(sample.memoryBytes), cpu, load.level === "calm" ? undefined : text(`meter.${load.level}`)].filter(Boolean).join(" · ")}</span>
    </span>
  );
}

/** Memory and processors of the instance in front, and of JupyterLab itself, in the status bar. */
export class MeterWidget extends ReactWidget {
  private readonly before = new Map<string, Sample>();
  private meters: Meter[] = [];
  private asking = false;
  private readonly timer = setInterval(() => void this.look(), EVERY_MS);

  /** @param inFront the instance type of the notebook in front, where it is another than JupyterLab's own */
  constructor(private readonly inFront: () => string | undefined) {
    super();
    this.addClass("atelier-meters");
    void this.look();
  }

  /** Asks anew; nobody looks at a page that is hidden. */
  async look(): Promise<void> {
    if (this.asking || document.hidden) {
      return;
    }
    this.asking = true;
    const type = this.inFront();
    const asked = [...(type ? [{ name: type, query: `?instanceType=${encodeURIComponent(type)}` }] : []), { name: "JupyterLab", query: "" }];
    const meters: Meter[] = [];
    for (const { name, query } of asked) {
      try {
        const sample = { ...(await ask<Usage>("GET", `/studio-api/usage${query}`)), at: performance.now() };
        meters.push({ name, sample, load: loadOf(sample, this.before.get(name)) });
        this.before.set(name, sample);
      } catch {
        this.before.delete(name); // it does not run, or not yet: nothing is shown of it
      }
    }
    this.asking = false;
    this.meters = meters;
    this.update();
  }

  protected override render() {
    return this.meters.map((each) => <Bar key={each.name} {...each} />);
  }

  override dispose(): void {
    clearInterval(this.timer);
    super.dispose();
  }
}
