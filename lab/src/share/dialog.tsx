import { Clipboard, Dialog, Notification, ReactWidget, showErrorMessage } from "@jupyterlab/apputils";
import { useState } from "react";
import { reason } from "../own-api";
import { text } from "../texts";
import { share } from "./snapshots";

interface Boxes {
  includeGit: boolean;
  includeOutput: boolean;
}

function Form({ kept, outputs }: { kept: Boxes; outputs: boolean }) {
  const [boxes, setBoxes] = useState({ ...kept });
  Object.assign(kept, boxes);
  return (
    <>
      <p>{text("share.says")}</p>
      <label className="atelier-check">
        <input type="checkbox" checked={boxes.includeGit} onChange={() => setBoxes({ ...boxes, includeGit: !boxes.includeGit })} />
        <span>{text("share.git")}</span>
      </label>
      {outputs && (
        <label className="atelier-check">
          <input
            type="checkbox"
            checked={boxes.includeOutput}
            onChange={() => setBoxes({ ...boxes, includeOutput: !boxes.includeOutput })}
          />
          <span>{text("share.output")}</span>
        </label>
      )}
    </>
  );
}

class FormBody extends ReactWidget implements Dialog.IBodyWidget<Boxes> {
  private readonly kept: Boxes = { includeGit: false, includeOutput: false };

  /** @param outputs whether the domain lets outputs be shared */
  constructor(private readonly outputs: boolean) {
    super();
    this.addClass("atelier-dialog");
  }

  protected override render() {
    return <Form kept={this.kept} outputs={this.outputs} />;
  }

  getValue(): Boxes {
    return this.kept;
  }
}

async function showLink(url: string): Promise<void> {
  const dialog = new Dialog({
    title: text("share.made"),
    body: (
      <div className="atelier-dialog">
        <p>{text("share.whoSees")}</p>
        <input className="jp-mod-styled" readOnly value={url} aria-label={text("share.link")} />
      </div>
    ),
    buttons: [Dialog.cancelButton({ label: text("words.close") }), Dialog.okButton({ label: text("share.copyLink") })],
  });
  dialog.addClass("atelier-medium");
  if ((await dialog.launch()).button.accept) {
    Clipboard.copyToSystem(url);
    Notification.info(text("share.linkCopied"), { autoClose: 2000 });
  }
}

/**
 * Asks what of a notebook is to be shared, shares it and shows the link.
 *
 * @param outputs whether the domain lets outputs be shared
 * @param save stores what was not saved yet
 */
export async function shareNotebook(path: string, outputs: boolean, save: () => Promise<void>): Promise<void> {
  const dialog = new Dialog<Boxes>({
    title: text("share.create"),
    body: new FormBody(outputs),
    buttons: [Dialog.cancelButton({ label: text("words.cancel") }), Dialog.okButton({ label: text("share.createThis") })],
  });
  dialog.addClass("atelier-medium");
  const { button, value } = await dialog.launch();
  if (!button.accept || !value) {
    return;
  }
  try {
    await save();
    await showLink((await share({ path, ...value })).url);
  } catch (error) {
    await showErrorMessage(text("share.failed"), reason(error));
  }
}
