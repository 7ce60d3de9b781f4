import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog } from "@jupyterlab/apputils";
import type { Widget } from "@lumino/widgets";
import { ask } from "./own-api";

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

const SUGGESTED = "atelier-suggested-repositories";

/** Suggests the repositories of the domain's, profile's and space's settings where an address is typed. */
async function suggest(form: Widget): Promise<void> {
  const address = form.node.querySelector<HTMLInputElement>("input:not([type=checkbox])");
  const known = await ask<string[]>("GET", "/studio-api/repositories");
  if (!address || known.length === 0) {
    return;
  }
  const list = document.createElement("datalist");
  list.id = SUGGESTED;
  list.append(...known.map((each) => new Option(each, each)));
  form.node.append(list);
  address.setAttribute("list", SUGGESTED);
}

/**
 * Lets the form that clones a repository say what its boxes say: jupyterlab-git 0.55 takes "Download the repository" for
 * its opposite, and so clones without history (https://github.com/jupyterlab/jupyterlab-git/issues/1529). Where that is
 * mended this changes nothing.
 */
export const git: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:git",
  description: "Clones repositories with their history, and suggests those of the settings.",
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => {
    Dialog.tracker.widgetAdded.connect((_, dialog) => {
      const form = dialog.node.querySelector("#download") ? formOf(dialog) : undefined;
      const download = form?.node.querySelector<HTMLInputElement>("#download");
      if (form && download) {
        const told = form.getValue.bind(form);
        form.getValue = () => ({ ...told(), versioning: !download.checked });
        suggest(form).catch((failure: unknown) => console.warn("No repositories are suggested", failure));
      }
    });
  },
};
