import { Dialog, Notification, ReactWidget, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import { ask } from "../own-api";
import { text } from "../texts";
import { countdown, type Outlook } from "./idle";

const EVERY_MS = 30_000;
const EXTENSION_MINUTES = 60;

/** When an app that nobody uses is ended: what is left of its time, why it goes on, and a button that keeps it. */
export class CountdownWidget extends ReactWidget {
  private outlook: Outlook = { reasons: [] };
  private told: { notice: number; id: string } | undefined;
  private readonly timer = setInterval(() => void this.look(), EVERY_MS);

  constructor() {
    super();
    this.addClass("atelier-countdown");
    void this.look();
  }

  private async look(): Promise<void> {
    try {
      this.outlook = await ask<Outlook>("GET", "/studio-api/idle");
    } catch {
      return; // the server is away: what it said last stands
    }
    this.tell();
    this.update();
  }

  /** Tells of the end once for each notice; what was told goes when there is time again. */
  private tell(): void {
    const left = countdown(this.outlook, Date.now());
    if (left?.notice === this.told?.notice) {
      return;
    }
    if (this.told) {
      Notification.dismiss(this.told.id);
      this.told = undefined;
    }
    if (left) {
      const id = Notification.warning(text("idle.soon", { count: left.minutes }), {
        autoClose: false,
        actions: [{ label: text("idle.extend"), callback: () => void this.extend(), displayType: "accent" }],
      });
      this.told = { notice: left.notice, id };
    }
  }

  private async extend(): Promise<void> {
    try {
      await ask<unknown>("POST", "/studio-api/idle", { minutes: EXTENSION_MINUTES });
    } catch (error) {
      await showErrorMessage(text("idle.notExtended"), error instanceof Error ? error.message : String(error));
    }
    await this.look();
  }

  private async explain(): Promise<void> {
    const { minutes, reasons } = this.outlook;
    const body = ReactWidget.create(
      <>
        <p>{text("idle.rule", { count: minutes ?? 0 })}</p>
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </>,
    );
    const buttons = [Dialog.cancelButton({ label: text("words.close") }), Dialog.okButton({ label: text("idle.extend") })];
    const { button } = await showDialog({ title: text("idle.title"), body, buttons });
    if (button.accept) {
      await this.extend();
    }
  }

  protected override render() {
    if (this.outlook.minutes === undefined) {
      return null;
    }
    const left = countdown(this.outlook, Date.now());
    return (
      <button
        type="button"
        className={left ? "atelier-statusButton atelier-is-high" : "atelier-statusButton"}
        title={this.outlook.reasons.join("\n")}
        onClick={() => void this.explain()}
      >
        {left ? text("idle.left", { count: left.minutes }) : text("idle.title")}
      </button>
    );
  }

  override dispose(): void {
    clearInterval(this.timer);
    super.dispose();
  }
}
