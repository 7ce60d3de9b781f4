import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { type ISessionContext, ISessionContextDialogs, IToolbarWidgetRegistry, SessionContextDialogs } from "@jupyterlab/apputils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator } from "@jupyterlab/translation";
import { Token } from "@lumino/coreutils";
import { IStudio } from "../studio";
import { text } from "../texts";
import { Changes } from "./change";
import { ComputeWidget } from "./toolbar";

/** Changes what documents run on. */
export const IChanges = new Token<Changes>("@atelier/studio:IChanges", "Changes what a document runs on.");

/** JupyterLab's own choice of a kernel, replaced by the choice of an environment where the server has Studio. */
class Dialogs extends SessionContextDialogs {
  constructor(
    options: ISessionContext.IDialogsOptions,
    private readonly studio: IStudio,
    private readonly changes: () => Changes,
  ) {
    super(options);
  }

  override async selectKernel(context: ISessionContext): Promise<void> {
    if ((await this.studio.ready) === undefined) {
      return super.selectKernel(context);
    }
    const first = context.session === null && context.type === "notebook";
    return this.changes().environment(context, first ? text("compute.setUp") : text("compute.change"));
  }
}

/** The tracker needs what needs the dialogs: it comes to them later. */
let changes: Changes;
const open = new Set<NotebookPanel>();

function make(app: JupyterFrontEnd, studio: IStudio): Changes {
  const panelOf = (context: ISessionContext) => [...open].find((panel) => panel.sessionContext === context);
  return new Changes(studio, panelOf, () => app.serviceManager.kernels.refreshRunning());
}

export const dialogs: JupyterFrontEndPlugin<ISessionContextDialogs> = {
  id: "@atelier/studio:dialogs",
  description: "Asks what a document runs on.",
  autoStart: true,
  requires: [IStudio, ITranslator],
  optional: [ISettingRegistry],
  provides: ISessionContextDialogs,
  activate: (app: JupyterFrontEnd, studio: IStudio, translator: ITranslator, settingRegistry: ISettingRegistry | null) => {
    changes = make(app, studio);
    return new Dialogs({ translator, settingRegistry }, studio, () => changes);
  },
};

export const compute: JupyterFrontEndPlugin<Changes> = {
  id: "@atelier/studio:compute",
  description: "Size, kernel and state in each notebook's toolbar.",
  autoStart: true,
  requires: [IStudio, IToolbarWidgetRegistry, INotebookTracker, ISessionContextDialogs],
  provides: IChanges,
  activate: (
    _app: JupyterFrontEnd,
    studio: IStudio,
    toolbars: IToolbarWidgetRegistry,
    notebooks: INotebookTracker,
    standard: ISessionContextDialogs,
  ) => {
    notebooks.widgetAdded.connect((_, panel) => {
      open.add(panel);
      panel.disposed.connect(() => open.delete(panel));
    });
    toolbars.addFactory<NotebookPanel>(
      "Notebook",
      "atelierCompute",
      (panel) => new ComputeWidget(panel, studio, changes, (context) => void standard.selectKernel(context)),
    );
    return changes;
  },
};
