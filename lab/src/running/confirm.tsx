import { Dialog, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import { text } from "../texts";
import type { Ending } from "./ending";

function List({ title, names }: { title: string; names: string[] }) {
  return names.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul>
        {names.map((name, place) => (
          <li key={`${name} ${place}`}>{name}</li>
        ))}
      </ul>
    </>
  );
}

/** Asks before something is stopped, and lists all that goes with it. */
export async function confirmed(title: string, ending: Ending, button: string): Promise<boolean> {
  const unsaved = ending.kernels.length + ending.terminals.length > 0;
  const { button: pressed } = await showDialog({
    title,
    body: (
      <div className="atelier-dialog atelier-ending">
        <p>{text(unsaved ? "running.ends" : "running.endsNothing")}</p>
        <List title={text("running.apps")} names={ending.apps} />
        <List title={text("running.kernels")} names={ending.kernels} />
        <List title={text("running.terminals")} names={ending.terminals.map((name) => text("running.terminal", { name }))} />
        <p className="atelier-note">{text("running.stays")}</p>
      </div>
    ),
    buttons: [Dialog.cancelButton({ label: text("words.cancel") }), Dialog.warnButton({ label: button })],
    defaultButton: 0,
  });
  return pressed.accept;
}

/** Stops things one after the other; what could not be stopped is told, the rest is stopped all the same. */
export async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: string[] = [];
  for (const stop of stops) {
    try {
      await stop();
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (failures.length > 0) {
    await showErrorMessage(text("running.notStopped"), failures.join("\n"));
  }
}
