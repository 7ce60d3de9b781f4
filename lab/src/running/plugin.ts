import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { runningIcon } from "@jupyterlab/ui-components";
import { IStudio } from "../studio";
import { text } from "../texts";
import { RunningPanel } from "./panel";

const SHOW = "running:show-panel";

/** Stands in the place of JupyterLab's own list of sessions: same command, same place. */
export const running: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:running",
  description: "What runs: instances, apps, kernels and terminals.",
  autoStart: true,
  requires: [IStudio],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (app: JupyterFrontEnd, studio: IStudio, restorer: ILayoutRestorer | null, palette: ICommandPalette | null) => {
    const panel = new RunningPanel(studio, {
      open: (path) => void app.commands.execute("docmanager:open", { path }),
      openTerminal: (name) => void app.commands.execute("terminal:open", { name }),
      terminals: () => [...app.serviceManager.terminals.running()].map((each) => each.name),
      terminalsChanged: app.serviceManager.terminals.runningChanged,
    });
    panel.id = "atelier-running";
    panel.title.icon = runningIcon;
    panel.title.caption = text("running.title");
    panel.node.setAttribute("role", "region");
    panel.node.setAttribute("aria-label", text("running.title"));
    restorer?.add(panel, "atelier-running");
    app.shell.add(panel, "left", { rank: 200, type: "Sessions and Tabs" });
    app.commands.addCommand(SHOW, {
      label: text("running.title"),
      execute: () => app.shell.activateById(panel.id),
    });
    palette?.addItem({ command: SHOW, category: text("words.studio") });
  },
};
