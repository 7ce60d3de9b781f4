import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, showErrorMessage } from "@jupyterlab/apputils";
import { IEditorServices } from "@jupyterlab/codeeditor";
import { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { shareIcon } from "@jupyterlab/ui-components";
import { reason } from "../own-api";
import { IStudio } from "../studio";
import { text } from "../texts";
import { shareNotebook } from "./dialog";
import { asked, snapshot } from "./snapshots";
import { SnapshotView } from "./viewer";

const SHARE = "atelier:share";

/** Shares notebooks by link, and shows what a link leads to. */
export const share: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:share",
  description: "Shares notebooks of Studio as they are at a moment.",
  autoStart: true,
  requires: [IStudio, INotebookTracker, NotebookPanel.IContentFactory, IRenderMimeRegistry, IEditorServices],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    studio: IStudio,
    notebooks: INotebookTracker,
    contents: NotebookPanel.IContentFactory,
    rendermime: IRenderMimeRegistry,
    editors: IEditorServices,
    palette: ICommandPalette | null,
  ) => {
    app.commands.addCommand(SHARE, {
      label: text("share.share"),
      caption: text("share.create"),
      icon: shareIcon,
      isVisible: () => studio.me !== undefined,
      isEnabled: () => studio.me !== undefined && notebooks.currentWidget !== null,
      execute: async () => {
        const panel = notebooks.currentWidget;
        if (panel) {
          await shareNotebook(panel.context.path, studio.me?.sharesOutputs ?? false, () => panel.context.save());
        }
      },
    });
    void studio.ready.then(() => app.commands.notifyCommandChanged(SHARE));
    notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged(SHARE));
    palette?.addItem({ command: SHARE, category: text("words.studio") });

    const show = async (id: string) => {
      try {
        const found = await snapshot(id);
        const view = new SnapshotView(found, { contents, rendermime, mimeTypes: editors.mimeTypeService }, (path) => {
          void app.commands.execute("docmanager:open", { path });
        });
        view.id = `atelier-snapshot ${id}`;
        app.shell.add(view, "main");
        app.shell.activateById(view.id);
      } catch (error) {
        await showErrorMessage(text("share.notShown"), reason(error));
      }
    };
    const wanted = asked(window.location.href);
    if (wanted) {
      window.history.replaceState(window.history.state, "", wanted.rest);
      void app.restored.then(() => show(wanted.id));
    }
  },
};
