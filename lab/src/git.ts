import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog } from "@jupyterlab/apputils";
import type { Widget } from "@lumino/widgets";

/** What the form of jupyterlab-git gives back. */
interface CloneForm extends Widget {
  getValue(): { url: string; versioning: boolean; submodules: boolean };
}

function formOf(widget: Widget): CloneForm | undefined {
  for (const child of widget.children()) {
    const form = child.node.querySelector("#download") ? (formOf(child) ?? child) : undefined;
    if (form && "getValue" in form) {
      return form as CloneForm;
    }
  }
  return undefined;
}

/**
 * Lets the form that clones a repository say what its boxes say: jupyterlab-git 0.55 takes "Download the repository" for
 * its opposite, and so clones without history (https://github.com/jupyterlab/jupyterlab-git/issues/1529). Where that is
 * mended this changes nothing.
 */
export const git: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:git",
  description: "Clones repositories with their history.",
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => {
    Dialog.tracker.widgetAdded.connect((_, dialog) => {
      const form = dialog.node.querySelector("#download") ? formOf(dialog) : undefined;
      const download = form?.node.querySelector<HTMLInputElement>("#download");
      if (form && download) {
        const told = form.getValue.bind(form);
        form.getValue = () => ({ ...told(), versioning: !download.checked });
      }
    });
  },
};
