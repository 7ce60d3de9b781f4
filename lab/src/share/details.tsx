import { Dialog, showDialog } from "@jupyterlab/apputils";
import { exactly, text } from "../texts";
import type { Snapshot } from "./snapshots";

/** Shows where a snapshot comes from and what it runs on. */
export async function showDetails({ owner, created, image, instanceType, git }: Snapshot): Promise<void> {
  const pairs = [
    [text("share.owner"), owner],
    [text("share.created"), exactly(new Date(created))],
    [text("compute.kernel"), image],
    [text("compute.instanceType"), instanceType],
    [text("share.repository"), git?.remote],
    [text("share.branch"), git?.branch],
    [text("share.commit"), git?.commit],
  ].filter((pair): pair is [string, string] => Boolean(pair[1]));
  await showDialog({
    title: text("share.details"),
    body: (
      <dl className="atelier-dialog atelier-pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    ),
    buttons: [Dialog.okButton({ label: text("words.close") })],
  });
}
