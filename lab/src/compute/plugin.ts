import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { type ISessionContext, ISessionContextDialogs, IToolbarWidgetRegistry, SessionContextDialogs } from "@jupyterlab/apputils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator } from "@jupyterlab/translation";
import { IStudio } from "../studio";
import { text } from "../texts";
import { Changes } from "./change";
import { ComputeWidget } from "./toolbar";

/** JupyterLab's own choice of a kernel, replaced by the choice of an environment where the server has Studio. */
class Dialogs extends SessionContextDialogs {
  constructor(
    options: ISessionContext.IDialogsOptions,
    private readonly studio: IStudio,
    private readonly changes: Changes,
  ) {
    super(options);
  }

  override async selectKernel(context: ISessionContext): Promise<void> {
    if ((await this.studio.ready) === undefined) {
      return super.selectKernel(context);
    }
    const first = context.session === null && context.type === "notebook";
    return this.changes.environment(context, first ? text("compute.setUp") : text("compute.change"));
  }
}

/** The tracker needs what needs the dialogs: which notebooks are open comes later. */
const open = new Set<NotebookPanel>();
let changes: Changes | undefined;

/** The one instance; plugins that come before the tracker need it too. */
export function changesOf(app: JupyterFrontEnd, studio: IStudio): Changes {
  const panelOf = (context: ISessionContext) => [...open].find((panel) => panel.sessionContext === context);
  changes ??= new Changes(studio, panelOf, () => app.serviceManager.kernels.refreshRunning());
  return changes;
}

export const dialogs: JupyterFrontEndPlugin<ISessionContextDialogs> = {
  id: "@atelier/studio:dialogs",
  description: "Asks what a document runs on.",
  autoStart: true,
  requires: [IStudio, ITranslator],
  optional: [ISettingRegistry],
  provides: ISessionContextDialogs,
  activate: (app: JupyterFrontEnd, studio: IStudio, translator: ITranslator, settingRegistry: ISettingRegistry | null) => {
    return new Dialogs({ translator, settingRegistry }, studio, changesOf(app, studio));
  },
};

export const compute: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:compute",
  description: "Size, kernel and state in each notebook's toolbar.",
  autoStart: true,
  requires: [IStudio, IToolbarWidgetRegistry, INotebookTracker, ISessionContextDialogs],
  activate: (
    app: JupyterFrontEnd,
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
      (panel) => new ComputeWidget(panel, studio, changesOf(app, studio), (context) => void standard.selectKernel(context)),
    );
  },
};
