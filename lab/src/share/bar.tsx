import { ReactWidget, showErrorMessage } from "@jupyterlab/apputils";
import { reason } from "../own-api";
import { moment, text } from "../texts";
import { showDetails } from "./details";
import { copy, type Snapshot } from "./snapshots";

/** What can be done with a snapshot, and whose it is. */
export class SnapshotBar extends ReactWidget {
  /** @param copied told the path of a copy that was made */
  constructor(
    private readonly snapshot: Snapshot,
    private readonly copied: (path: string) => void,
  ) {
    super();
    this.addClass("atelier-snapshotBar");
  }

  private async copy(): Promise<void> {
    try {
      this.copied(await copy(this.snapshot.id));
    } catch (error) {
      await showErrorMessage(text("share.notCopied"), reason(error));
    }
  }

  protected override render() {
    const { owner, created } = this.snapshot;
    return (
      <>
        <button type="button" className="atelier-noteButton" title={text("share.createCopySays")} onClick={() => void this.copy()}>
          {text("share.createCopy")}
        </button>
        <button type="button" className="atelier-noteButton" onClick={() => void showDetails(this.snapshot)}>
          {text("share.details")}
        </button>
        <span>{text("share.readOnly", { owner, at: moment(created) })}</span>
      </>
    );
  }
}
