import { type ISessionContext, ReactWidget } from "@jupyterlab/apputils";
import { circleEmptyIcon, circleIcon, offlineBoltIcon } from "@jupyterlab/ui-components";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { IStudio } from "../studio";
import { text } from "../texts";
import { filled, type Shown, shown } from "./bound";
import { type Changes, INSTANCE_TYPE } from "./change";

function Dot({ shown: { status, app } }: { shown: Shown }) {
  const broken = status === "dead" || status === "failed" || status === "connecting";
  const Icon = broken ? offlineBoltIcon : filled(status) ? circleIcon : circleEmptyIcon;
  const told = [text(`compute.status.${status}`), app?.phase && app.status === "Pending" ? app.phase : undefined]
    .filter(Boolean)
    .join(": ");
  return (
    <span className={`atelier-dot atelier-is-${status}`} role="img" aria-label={told} title={told}>
      <Icon.react tag="span" width="14px" height="14px" />
    </span>
  );
}

/** Size, kernel and state of a notebook's kernel, at the right of its toolbar. */
export class ComputeWidget extends ReactWidget {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly studio: IStudio,
    private readonly changes: Changes,
    private readonly standard: (context: ISessionContext) => void,
  ) {
    super();
    this.addClass("atelier-compute");
    const context = panel.sessionContext;
    for (const signal of [context.kernelChanged, context.statusChanged, context.connectionStatusChanged, context.sessionChanged]) {
      signal.connect(this.changed, this);
    }
    studio.changed.connect(this.changed, this);
    void panel.context.ready.then(() => {
      panel.model?.metadataChanged.connect(this.changed, this);
      this.update();
    });
    void studio.ready.then(() => this.update());
  }

  private changed(): void {
    this.update();
  }

  protected override render() {
    const context = this.panel.sessionContext;
    const kernel = context.session?.kernel;
    const noted: unknown = this.panel.model?.getMetadata(INSTANCE_TYPE);
    const name = kernel?.name;
    const spec = name ? context.specsManager.specs?.kernelspecs[name]?.display_name : undefined;
    const now = shown(
      kernel ? { id: kernel.id, name, label: spec, status: context.kernelDisplayStatus } : undefined,
      typeof noted === "string" ? noted : undefined,
      this.studio.running,
      this.studio.knownTypes,
    );
    // a kernel that is asked for is not there yet
    const waits = !kernel && !context.hasNoKernel && context.kernelDisplayStatus === "starting";
    const known = this.studio.me !== undefined;
    return (
      <>
        {known && (
          <button
            type="button"
            className="atelier-toolbarButton"
            title={now.instanceType ? text("compute.sizeOf", { name: now.instanceType }) : text("compute.sizeUnknown")}
            onClick={() => void this.changes.instance(context)}
          >
            {now.size ?? text("compute.unknown")}
          </button>
        )}
        <button
          type="button"
          className="atelier-toolbarButton"
          title={text("compute.change")}
          onClick={() => (known ? void this.changes.environment(context) : this.standard(context))}
        >
          {now.label ?? (waits ? text("compute.status.starting") : text("compute.noKernel"))}
        </button>
        <Dot shown={waits ? { ...now, status: "starting" } : now} />
      </>
    );
  }

  override dispose(): void {
    this.studio.changed.disconnect(this.changed, this);
    super.dispose();
  }
}
