import { ReactWidget } from "@jupyterlab/apputils";
import type { IRecentsManager } from "@jupyterlab/docmanager";
import { homeIcon, type LabIcon, notebookIcon } from "@jupyterlab/ui-components";
import type { CommandRegistry } from "@lumino/commands";
import type { RunningApp, RunningKernel } from "../contract";
import { costOf, documentOf } from "../running/ending";
import { price } from "../sizes";
import type { IStudio } from "../studio";
import { ago, text, word } from "../texts";

/** What the page offers to start, where JupyterLab has the command. */
export interface Offer {
  command: string;
  icon: LabIcon;
  title: string;
  note: string;
}

interface RunsProps {
  kernels: RunningKernel[];
  apps: RunningApp[];
  open: (path: string) => void;
}

/** Notebooks that run, and apps that are on their way or failed. */
function Runs({ kernels, apps, open }: RunsProps) {
  const waiting = apps.filter((app) => app.status === "Pending" || app.status === "Failed");
  if (kernels.length + waiting.length === 0) {
    return <p className="atelier-note">{text("home.nothingRuns")}</p>;
  }
  return (
    <ul className="atelier-list">
      {kernels.map((kernel) => {
        const path = documentOf(kernel);
        return (
          <li key={kernel.id}>
            {path ? (
              <button type="button" className="atelier-link" onClick={() => open(path)}>
                {path}
              </button>
            ) : (
              <span>{kernel.displayName}</span>
            )}
            <span className="atelier-rowFacts">
              {[
                path && kernel.displayName,
                kernel.instanceType,
                word(`compute.status.${kernel.state}`, kernel.state),
                text("running.active", { ago: ago(kernel.lastActivity) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        );
      })}
      {waiting.map((app) => (
        <li key={app.appName}>
          <span>{app.imageName ?? app.appName}</span>
          <span className={app.status === "Failed" ? "atelier-problem" : "atelier-rowFacts"}>
            {[app.instanceType, word(`running.state.${app.status}`, app.status), app.failureReason ?? app.phase].filter(Boolean).join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What runs, what one worked on, and what can be started. */
export class HomeWidget extends ReactWidget {
  constructor(
    private readonly studio: IStudio,
    private readonly commands: CommandRegistry,
    private readonly recents: IRecentsManager | null,
    private readonly offers: Offer[],
  ) {
    super();
    this.addClass("atelier-page");
    studio.changed.connect(this.fresh, this);
    recents?.changed.connect(this.fresh, this);
  }

  private fresh(): void {
    this.update();
  }

  private recent() {
    const open = (path: string) => void this.commands.execute("docmanager:open", { path });
    const documents = (this.recents?.recentlyOpened ?? []).filter((each) => each.contentType !== "directory").slice(0, 8);
    return documents.length === 0 ? (
      <p className="atelier-note">{text("home.noRecent")}</p>
    ) : (
      <ul className="atelier-list">
        {documents.map(({ path }) => (
          <li key={path} className="atelier-recent">
            <notebookIcon.react tag="span" className="atelier-rowIcon" width="16px" height="16px" />
            <button type="button" className="atelier-link" onClick={() => open(path)}>
              {path}
            </button>
          </li>
        ))}
      </ul>
    );
  }

  protected override render() {
    const { me, running, trouble } = this.studio;
    const open = (path: string) => void this.commands.execute("docmanager:open", { path });
    const cost = costOf(running?.instances ?? []);
    return (
      <div className="atelier-sheet">
        <h1>{text("home.title")}</h1>
        {me && <p className="atelier-arn">{[me.spaceName ?? me.userProfileName, me.domainId, me.region].join(" · ")}</p>}
        <div className="atelier-columns">
          <section>
            <h2>{text("home.runs")}</h2>
            {trouble && (
              <p className="atelier-problem" role="alert">
                {trouble}
              </p>
            )}
            {cost !== undefined && <p className="atelier-note">{text("running.cost", { price: price(cost) })}</p>}
            {running && <Runs kernels={running.kernels} apps={running.apps} open={open} />}
            {running && running.kernels.length > 0 && (
              <button type="button" className="atelier-noteButton" onClick={() => void this.commands.execute("running:show-panel")}>
                {text("home.showRunning")}
              </button>
            )}
          </section>
          <section>
            <h2>{text("home.recent")}</h2>
            {this.recent()}
          </section>
        </div>
        <h2>{text("home.start")}</h2>
        <div className="atelier-offers">
          {this.offers
            .filter(({ command }) => this.commands.hasCommand(command))
            .map(({ command, icon, title, note }) => (
              <button key={command} type="button" className="atelier-offer" onClick={() => void this.commands.execute(command)}>
                <icon.react tag="span" className="atelier-rowIcon" width="20px" height="20px" />
                <span>
                  <span className="atelier-offerTitle">{title}</span>
                  <span className="atelier-rowFacts">{note}</span>
                </span>
              </button>
            ))}
        </div>
      </div>
    );
  }

  override dispose(): void {
    this.studio.changed.disconnect(this.fresh, this);
    this.recents?.changed.disconnect(this.fresh, this);
    super.dispose();
  }
}

/** Leads home from wherever one is. */
export class HomeButton extends ReactWidget {
  constructor(private readonly open: () => void) {
    super();
    this.addClass("atelier-homeButton");
  }

  protected override render() {
    return (
      <button type="button" className="atelier-iconButton" aria-label={text("home.title")} title={text("home.title")} onClick={this.open}>
        <homeIcon.react tag="span" width="16px" height="16px" />
      </button>
    );
  }
}
