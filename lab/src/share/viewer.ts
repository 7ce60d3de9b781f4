import { MainAreaWidget, showErrorMessage, ToolbarButton } from "@jupyterlab/apputils";
import type { IEditorMimeTypeService } from "@jupyterlab/codeeditor";
import { NotebookModel, type NotebookPanel, StaticNotebook } from "@jupyterlab/notebook";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { copyIcon, infoIcon, shareIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { reason } from "../own-api";
import { moment, text } from "../texts";
import { showDetails } from "./details";
import { copy, readOnly, type Snapshot } from "./snapshots";

/** What JupyterLab shows notebooks with. */
export interface Shows {
  contents: NotebookPanel.IContentFactory;
  rendermime: IRenderMimeRegistry;
  mimeTypes: IEditorMimeTypeService;
}

function label(words: string): Widget {
  const widget = new Widget();
  widget.addClass("atelier-snapshotNote");
  widget.node.textContent = words;
  return widget;
}

/** A snapshot as a tab: JupyterLab's own view of a notebook, without anything that changes or runs it. */
export class SnapshotView extends MainAreaWidget<StaticNotebook> {
  /** @param opened told the path of a copy that was made */
  constructor(snapshot: Snapshot, { contents, rendermime, mimeTypes }: Shows, opened: (path: string) => void) {
    const content = new StaticNotebook({
      contentFactory: contents,
      rendermime: rendermime.clone(),
      mimeTypeService: mimeTypes,
      notebookConfig: { ...StaticNotebook.defaultNotebookConfig, windowingMode: "none" },
    });
    super({ content });
    const model = new NotebookModel();
    model.fromJSON(readOnly(snapshot.notebook));
    model.readOnly = true;
    content.model = model;
    content.disposed.connect(() => model.dispose());
    this.addClass("atelier-snapshot");
    this.title.label = snapshot.name;
    this.title.caption = text("share.snapshotOf", { name: snapshot.name, owner: snapshot.owner });
    this.title.icon = shareIcon;
    this.title.closable = true;
    this.toolbar.addItem(
      "copy",
      new ToolbarButton({
        icon: copyIcon,
        label: text("share.createCopy"),
        tooltip: text("share.createCopySays"),
        onClick: () => {
          void copy(snapshot.id)
            .then(opened)
            .catch((error: unknown) => showErrorMessage(text("share.notCopied"), reason(error)));
        },
      }),
    );
    this.toolbar.addItem(
      "details",
      new ToolbarButton({ icon: infoIcon, label: text("share.details"), onClick: () => void showDetails(snapshot) }),
    );
    this.toolbar.addItem(
      "note",
      label(text("share.readOnly", { owner: snapshot.owner, at: moment(snapshot.created) })),
    );
  }
}
