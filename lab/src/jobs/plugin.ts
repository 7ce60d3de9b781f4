import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { IFileBrowserFactory } from "@jupyterlab/filebrowser";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IStudio } from "../studio";
import { text } from "../texts";
import { jobIcon } from "./icon";
import { JobTabs } from "./tabs";

const CREATE = "atelier:create-notebook-job";
const SHOW = "atelier:show-notebook-jobs";

/** Runs notebooks with nobody at the page. */
export const jobs: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:jobs",
  description: "Notebook jobs, now and by a schedule.",
  autoStart: true,
  requires: [IStudio, INotebookTracker],
  optional: [IFileBrowserFactory, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    studio: IStudio,
    notebooks: INotebookTracker,
    browsers: IFileBrowserFactory | null,
    palette: ICommandPalette | null,
  ) => {
    const tabs = new JobTabs(app, studio);
    const chosen = () =>
      [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])].find((item) => item.type === "notebook")?.path;
    app.commands.addCommand(CREATE, {
      label: text("jobs.create"),
      icon: jobIcon,
      isVisible: () => studio.me !== undefined,
      isEnabled: (args) => studio.me !== undefined && (Boolean(args["chosen"]) || notebooks.currentWidget !== null),
      execute: async (args) => {
        const panel = args["chosen"] ? null : notebooks.currentWidget;
        await panel?.context.save();
        const path = panel?.context.path ?? chosen();
        if (path) {
          await tabs.begin(path);
        }
      },
    });
    app.commands.addCommand(SHOW, {
      label: text("jobs.title"),
      icon: jobIcon,
      isVisible: () => studio.me !== undefined,
      execute: () => tabs.show(false),
    });
    void studio.ready.then(() => {
      app.commands.notifyCommandChanged(CREATE);
      app.commands.notifyCommandChanged(SHOW);
    });
    notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged(CREATE));
    palette?.addItem({ command: SHOW, category: text("words.studio") });
    palette?.addItem({ command: CREATE, category: text("words.studio") });
  },
};
