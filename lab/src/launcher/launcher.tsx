import { showErrorMessage } from "@jupyterlab/apputils";
import { type ILauncher, Launcher } from "@jupyterlab/launcher";
import type { ServiceManager } from "@jupyterlab/services";
import { consoleIcon, LabIcon, notebookIcon, pythonIcon, terminalIcon } from "@jupyterlab/ui-components";
import type { CommandRegistry } from "@lumino/commands";
import { Widget } from "@lumino/widgets";
import { askEnvironment, draftOf } from "../compute/environment";
import type { Changes } from "../compute/change";
import { refusalOf } from "../compute/refusal";
import type { Environment, Image } from "../contract";
import { size } from "../sizes";
import type { IStudio } from "../studio";
import { text } from "../texts";
import { chosen, remember, remembered } from "./chosen";
import { kernelFor, startNotebook } from "./notebooks";

const ORDER = ["inspector:open", "terminal:create-new", "fileeditor:create-new", "fileeditor:create-new-markdown-file"];

interface CardProps {
  title: string;
  icon: LabIcon | undefined;
  iconClass?: string;
  notes?: string[];
  disabled?: string;
  onClick: () => void;
}

/** A card as JupyterLab's own launcher has them. */
function Card({ title, icon, iconClass, notes, disabled, onClick }: CardProps) {
  return (
    <button
      type="button"
      className={notes ? "jp-LauncherCard atelier-card atelier-cardTall" : "jp-LauncherCard atelier-card"}
      title={disabled ?? [title, ...(notes ?? [])].join(" · ")}
      disabled={disabled !== undefined}
      onClick={onClick}
    >
      <span className="jp-LauncherCard-icon">
        <LabIcon.resolveReact icon={icon} iconClass={iconClass} stylesheet="launcherCard" tag="span" />
      </span>
      <span className="jp-LauncherCard-label">
        <span className="atelier-cardTitle">{title}</span>
        {(disabled === undefined ? notes : notes && [disabled])?.map((note) => (
          <span key={note} className="atelier-cardNote">
            {note}
          </span>
        ))}
      </span>
    </button>
  );
}

/** What the launcher does; its cards only say so. */
export interface LauncherParts {
  commands: CommandRegistry;
  services: ServiceManager.IManager;
  studio: IStudio;
  changes: Changes;
}

/** Two sections as AWS has them: what runs in an environment, and tools that need none. */
export class StudioLauncher extends Launcher {
  private readonly launched: (widget: Widget) => void;

  constructor(
    private readonly parts: LauncherParts,
    options: ILauncher.IOptions,
  ) {
    super(options);
    this.launched = options.callback;
    this.addClass("atelier-page");
    parts.studio.changed.connect(this.fresh, this);
    void parts.studio.ready.then(() => this.update());
  }

  private shape = "";

  /** What runs changes often; the cards only with what can run. */
  private fresh(): void {
    const { knownImages, knownTypes } = this.parts.studio;
    const shape = JSON.stringify([knownImages, knownTypes]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.update();
    }
  }

  private async start(does: () => Promise<unknown>): Promise<void> {
    if (this.pending) {
      return;
    }
    this.pending = true;
    try {
      const made = await does();
      if (made instanceof Widget) {
        this.launched(made);
      }
    } catch (error) {
      await showErrorMessage(text("launcher.failed"), error instanceof Error ? error.message : String(error));
    } finally {
      this.pending = false;
    }
  }

  private async notebook(environment: Environment): Promise<unknown> {
    const { commands, services, studio } = this.parts;
    const { path, kernel } = await startNotebook(services, studio, this.cwd, environment);
    return commands.execute("docmanager:open", { path, factory: "Notebook", kernel });
  }

  private async console(environment: Environment): Promise<unknown> {
    const { commands, services, studio } = this.parts;
    const { id } = await kernelFor(studio, this.cwd, environment);
    await services.kernels.refreshRunning();
    return commands.execute("console:create", { path: this.cwd, kernelPreference: { id } });
  }

  private async terminal(environment: Environment): Promise<unknown> {
    const name = await this.parts.studio.startTerminal(environment, this.cwd);
    return this.parts.commands.execute("terminal:open", { name });
  }

  private async change(): Promise<void> {
    const choices = await this.parts.changes.choices();
    const now = chosen(choices.images, remembered());
    if (now) {
      const draft = draftOf(now.image, choices.scripts, now.kernel.name, now.instanceType, now.script ?? undefined);
      const answer = await askEnvironment(text("compute.change"), choices, draft, false);
      if (answer?.environment) {
        remember(answer.environment);
        this.update();
      }
    }
  }

  private environmentLine(environment: Environment) {
    const type = this.parts.studio.knownTypes.find((each) => each.name === environment.instanceType);
    const facts = [
      [text("compute.image"), environment.image.displayName],
      [text("compute.kernel"), environment.kernel.displayName],
      [text("compute.instanceType"), type ? `${type.name} (${size(type)})` : environment.instanceType],
      ...(environment.script ? [[text("compute.script"), environment.script.split("/").pop()]] : []),
    ] as [string, string][];
    return (
      <div className="atelier-environment">
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <button type="button" className="jp-mod-styled atelier-quiet" onClick={() => void this.start(() => this.change())}>
          {text("compute.change")}
        </button>
      </div>
    );
  }

  private compute() {
    const { studio } = this.parts;
    const environment = chosen(studio.knownImages, remembered());
    if (!environment) {
      return <p className="atelier-note">{text("launcher.looking")}</p>;
    }
    const run = (does: () => Promise<unknown>) => () => void this.start(does);
    return (
      <>
        {this.environmentLine(environment)}
        <div className="jp-Launcher-cardContainer">
          <Card title={text("launcher.notebook")} icon={notebookIcon} onClick={run(() => this.notebook(environment))} />
          <Card title={text("launcher.console")} icon={consoleIcon} onClick={run(() => this.console(environment))} />
          {studio.me?.imageTerminals && (
            <Card title={text("launcher.imageTerminal")} icon={terminalIcon} onClick={run(() => this.terminal(environment))} />
          )}
        </div>
        <h3 className="atelier-subtitle">{text("launcher.byImage")}</h3>
        <div className="jp-Launcher-cardContainer">{this.byImage(run)}</div>
      </>
    );
  }

  private byImage(run: (does: () => Promise<unknown>) => () => void) {
    const { knownImages, knownTypes } = this.parts.studio;
    const typeOf = (image: Image) => knownTypes.find((each) => each.name === image.defaultInstanceType);
    const lacks = (image: Image) => Number(typeOf(image)?.available === false);
    const offered = knownImages.filter((image) => !image.older).sort((one, other) => lacks(one) - lacks(other));
    return offered.flatMap((image) =>
      image.kernels.map((kernel) => {
        const type = typeOf(image);
        const environment = { image, kernel, instanceType: image.defaultInstanceType, script: null };
        return (
          <Card
            key={`${image.imageArn} ${kernel.name}`}
            title={image.displayName}
            icon={pythonIcon}
            notes={[kernel.displayName, type ? size(type) : image.defaultInstanceType]}
            disabled={type && !type.available ? refusalOf(type) : undefined}
            onClick={run(() => this.notebook(environment))}
          />
        );
      }),
    );
  }

  private utilities() {
    const { commands } = this.parts;
    const kernels = new Set(["notebook:create-new", "console:create"]);
    const rank = (command: string) => (ORDER.includes(command) ? ORDER.indexOf(command) : ORDER.length);
    const items = [...this.model.items()]
      .filter((item) => !kernels.has(item.command))
      .sort((one, other) => rank(one.command) - rank(other.command) || (one.rank ?? 0) - (other.rank ?? 0));
    return items.map((item, place) => {
      const args = { ...item.args, cwd: this.cwd };
      return (
        <Card
          key={`${item.command} ${place}`}
          title={item.command === "terminal:create-new" ? text("launcher.systemTerminal") : commands.label(item.command, args)}
          icon={commands.icon(item.command, args) as LabIcon | undefined}
          iconClass={commands.iconClass(item.command, args)}
          onClick={() => void this.start(() => commands.execute(item.command, args))}
        />
      );
    });
  }

  protected override render(): React.ReactElement | null {
    if (!this.parts.studio.me || !this.model) {
      return super.render();
    }
    return (
      <div className="jp-Launcher-body jp-zoom-target">
        <div className="jp-Launcher-content">
          <div className="jp-Launcher-cwd">
            <span>{this.cwd}</span>
          </div>
          <section className="jp-Launcher-section">
            <div className="jp-Launcher-sectionHeader">
              <h2 className="jp-Launcher-sectionTitle">{text("launcher.compute")}</h2>
            </div>
            {this.compute()}
          </section>
          <section className="jp-Launcher-section">
            <div className="jp-Launcher-sectionHeader">
              <h2 className="jp-Launcher-sectionTitle">{text("launcher.utilities")}</h2>
            </div>
            <div className="jp-Launcher-cardContainer">{this.utilities()}</div>
          </section>
        </div>
      </div>
    );
  }

  override dispose(): void {
    this.parts.studio.changed.disconnect(this.fresh, this);
    super.dispose();
  }
}
