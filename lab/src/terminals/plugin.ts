import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISessionContextDialogs, IToolbarWidgetRegistry, showErrorMessage, ToolbarButton } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { ITerminalTracker } from "@jupyterlab/terminal";
import { terminalIcon } from "@jupyterlab/ui-components";
import { imageOf } from "../compute/bound";
import { IStudio } from "../studio";
import { text } from "../texts";
import { titleOf } from "./names";

/** Opens a terminal in what a notebook's kernel runs in; a notebook without a kernel is asked for one. */
async function open(app: JupyterFrontEnd, studio: IStudio, dialogs: ISessionContextDialogs, { context, sessionContext }: NotebookPanel) {
  const kernel = sessionContext.session?.kernel;
  const image = imageOf(kernel?.name, await studio.images());
  const instanceType = studio.running?.kernels.find((each) => each.id === kernel?.id)?.instanceType;
  if (!image || !instanceType) {
    await dialogs.selectKernel(sessionContext);
    return;
  }
  const folder = context.path.slice(0, Math.max(0, context.path.lastIndexOf("/")));
  try {
    const name = await studio.startTerminal({ image, instanceType, script: null }, folder);
    await app.commands.execute("terminal:open", { name });
  } catch (error) {
    await showErrorMessage(text("launcher.failed"), error instanceof Error ? error.message : String(error));
  }
}

export const terminals: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:terminals",
  description: "Terminals inside of images: a button of notebooks, and the titles of tabs.",
  autoStart: true,
  requires: [IStudio, IToolbarWidgetRegistry, ISessionContextDialogs],
  optional: [ITerminalTracker],
  activate: (
    app: JupyterFrontEnd,
    studio: IStudio,
    toolbars: IToolbarWidgetRegistry,
    dialogs: ISessionContextDialogs,
    tracker: ITerminalTracker | null,
  ) => {
    toolbars.addFactory<NotebookPanel>("Notebook", "atelierTerminal", (panel) => {
      const button = new ToolbarButton({
        icon: terminalIcon,
        tooltip: text("launcher.imageTerminal"),
        onClick: () => void open(app, studio, dialogs, panel),
      });
      button.hide();
      void studio.ready.then((me) => button.setHidden(!me?.imageTerminals));
      return button;
    });
    tracker?.widgetAdded.connect((_, { content }) => {
      const name = () => {
        const title = titleOf(content.session.name, studio.running);
        if (title && content.title.label !== title) {
          content.title.label = title;
        }
      };
      content.title.changed.connect(name);
      studio.changed.connect(name);
      content.disposed.connect(() => studio.changed.disconnect(name));
      name();
    });
  },
};
