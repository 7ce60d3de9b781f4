import { type ISessionContext, ReactWidget } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { closeIcon, offlineBoltIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { useEffect, useState } from "react";
import { appOf, failure } from "../compute/bound";
import { type Changes, SCRIPT } from "../compute/change";
import type { RunningApp, RunningKernel } from "../contract";
import type { IStudio } from "../studio";
import { span, text } from "../texts";

/** How long something lasts, counted on; it is not read out every second. */
function Elapsed({ since }: { since: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => tick((count) => count + 1), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <span className="atelier-elapsed" aria-hidden="true">
      {span(since)}
    </span>
  );
}

function Starting({ app, showRunning }: { app: RunningApp; showRunning: () => void }) {
  return (
    <>
      <span className="atelier-spinner" aria-hidden="true" />
      <span>
        {text("note.starting", { image: app.imageName ?? app.appName, instanceType: app.instanceType })}
        {app.phase && <span className="atelier-phase">{app.phase}</span>}
      </span>
      <Elapsed since={app.since} />
      {app.phase?.includes("capacity") && (
        <button type="button" className="atelier-noteButton" onClick={showRunning}>
          {text("home.showRunning")}
        </button>
      )}
    </>
  );
}

/** A line over a notebook's lower edge: how far its kernel's app is, or why it failed and what mends it. */
export class KernelNote extends ReactWidget {
  private dismissed = "";
  /** The app of a kernel stays known after it failed and the kernel is gone. */
  private appName: { kernel: string; name: string } | undefined;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly studio: IStudio,
    private readonly changes: Changes,
    private readonly showRunning: () => void,
  ) {
    super();
    this.addClass("atelier-kernelNote");
    this.node.setAttribute("role", "status");
    studio.changed.connect(this.fresh, this);
    panel.sessionContext.kernelChanged.connect(this.fresh, this);
    panel.disposed.connect(() => this.dispose());
    Widget.attach(this, panel.node);
  }

  private fresh(): void {
    this.update();
  }

  private get context(): ISessionContext {
    return this.panel.sessionContext;
  }

  private kernel(): RunningKernel | undefined {
    const id = this.context.session?.kernel?.id;
    return id ? this.studio.running?.kernels.find((kernel) => kernel.id === id) : undefined;
  }

  private app(): RunningApp | undefined {
    const { running } = this.studio;
    const id = this.context.session?.kernel?.id;
    if (!id) {
      return undefined;
    }
    const app = appOf(this.kernel(), running);
    if (app) {
      this.appName = { kernel: id, name: app.appName };
      return app;
    }
    return this.appName?.kernel === id ? running?.apps.find((each) => each.appName === this.appName?.name) : undefined;
  }

  private failed(app: RunningApp, reason: string, told: string) {
    const script = this.panel.model?.getMetadata(SCRIPT) as unknown;
    return (
      <>
        <offlineBoltIcon.react tag="span" width="16px" height="16px" />
        <span className="atelier-noteText">
          {text("note.failed", { image: app.imageName ?? app.appName, instanceType: app.instanceType })}
          {reason && (
            <span className="atelier-phase" tabIndex={0}>
              {reason}
            </span>
          )}
        </span>
        {typeof script === "string" && (
          <button type="button" className="atelier-noteButton" onClick={() => void this.changes.again(this.context, false)}>
            {text("note.withoutScript")}
          </button>
        )}
        <button type="button" className="atelier-noteButton" onClick={() => void this.changes.again(this.context, true)}>
          {text("note.again")}
        </button>
        <button type="button" className="atelier-noteButton" onClick={() => void this.changes.environment(this.context)}>
          {text("compute.change")}
        </button>
        <button
          type="button"
          className="atelier-iconButton"
          aria-label={text("words.close")}
          onClick={() => {
            this.dismissed = told;
            this.update();
          }}
        >
          <closeIcon.react tag="span" width="16px" height="16px" />
        </button>
      </>
    );
  }

  protected override render() {
    const app = this.app();
    const kernel = this.kernel();
    const reason = failure(kernel, app);
    const about = `${kernel?.id} ${app?.appName} ${app?.since}`;
    const told = app && (reason === undefined ? app.status === "Pending" : this.dismissed !== about);
    this.node.classList.toggle("atelier-told", Boolean(told));
    this.node.classList.toggle("atelier-bad", reason !== undefined);
    if (!told) {
      return <></>;
    }
    return reason === undefined ? <Starting app={app} showRunning={this.showRunning} /> : this.failed(app, reason, about);
  }

  override dispose(): void {
    this.studio.changed.disconnect(this.fresh, this);
    super.dispose();
  }
}
