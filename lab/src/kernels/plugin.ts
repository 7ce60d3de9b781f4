import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker } from "@jupyterlab/notebook";
import { changesOf } from "../compute/plugin";
import { IStudio } from "../studio";
import { KernelNote } from "./note";
import { reattach } from "./reattach";

/** What a notebook tells of its kernel's start, and of what the kernel does without it. */
export const kernels: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:kernels",
  description: "Phases of a kernel's start, and outputs of executions that other pages asked for.",
  autoStart: true,
  requires: [IStudio, INotebookTracker],
  activate: (app: JupyterFrontEnd, studio: IStudio, notebooks: INotebookTracker) => {
    notebooks.widgetAdded.connect((_, panel) => {
      reattach(panel, studio);
      const showRunning = () => void app.commands.execute("running:show-panel");
      void studio.ready.then((me) => me && !panel.isDisposed && new KernelNote(panel, studio, changesOf(app, studio), showRunning));
    });
  },
};
