import { MainAreaWidget } from "@jupyterlab/apputils";
import type { IEditorMimeTypeService } from "@jupyterlab/codeeditor";
import { NotebookModel, type NotebookPanel, StaticNotebook } from "@jupyterlab/notebook";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { shareIcon } from "@jupyterlab/ui-components";
import { text } from "../texts";
import { SnapshotBar } from "./bar";
import { readOnly, type Snapshot } from "./snapshots";

/** What JupyterLab shows notebooks with. */
export interface Shows {
  contents: NotebookPanel.IContentFactory;
  rendermime: IRenderMimeRegistry;
  mimeTypes: IEditorMimeTypeService;
}

/** A snapshot as a tab: JupyterLab's own view of a notebook, without anything that changes or runs it. */
export class SnapshotView extends MainAreaWidget<StaticNotebook> {
  /** @param copied told the path of a copy that was made */
  constructor(snapshot: Snapshot, { contents, rendermime, mimeTypes }: Shows, copied: (path: string) => void) {
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
    this.contentHeader.addWidget(new SnapshotBar(snapshot, copied));
    this.addClass("atelier-snapshot");
    this.title.label = snapshot.name;
    this.title.caption = text("share.snapshotOf", { name: snapshot.name, owner: snapshot.owner });
    this.title.icon = shareIcon;
    this.title.closable = true;
  }
}
