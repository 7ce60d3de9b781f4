import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IToolbarWidgetRegistry } from "@jupyterlab/apputils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IStatusBar } from "@jupyterlab/statusbar";
import { ITranslator } from "@jupyterlab/translation";
import { Widget } from "@lumino/widgets";
import { ask } from "../own-api";
import type { Me } from "../contract";
import { IStudio } from "../studio";
import { speak, text } from "../texts";
import { CountdownWidget } from "./countdown";
import { MeterWidget } from "./meter";

/** Who works here and where, as AWS has it at the top right. */
function personOf({ userProfileName, spaceName }: Me): string {
  return [userProfileName, spaceName ?? text("person.own")].filter(Boolean).join(" / ");
}

/** What is told of the app itself, in spaces' apps, too, which have nothing else of Studio; elsewhere nothing. */
export const app: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:app",
  description: "Who is signed in, what the app and its instances use, and when it is ended.",
  autoStart: true,
  optional: [ITranslator, IStatusBar, IToolbarWidgetRegistry, IStudio, INotebookTracker],
  activate: (
    _: JupyterFrontEnd,
    translator: ITranslator | null,
    bar: IStatusBar | null,
    toolbars: IToolbarWidgetRegistry | null,
    studio: IStudio | null,
    notebooks: INotebookTracker | null,
  ) => {
    speak(translator?.languageCode ?? "en");
    const me = ask<Me>("GET", "/studio-api/me").catch(() => undefined);
    toolbars?.addFactory("TopBar", "atelierPerson", () => {
      const person = new Widget();
      person.addClass("atelier-person");
      void me.then((known) => {
        person.node.textContent = known ? personOf(known) : "";
        person.node.title = known ? text("person.title") : "";
      });
      return person;
    });
    const inFront = () => {
      const kernel = notebooks?.currentWidget?.sessionContext.session?.kernel?.id;
      return studio?.running?.kernels.find((each) => each.id === kernel)?.instanceType;
    };
    void me.then((known) => {
      if (known && bar) {
        const meter = new MeterWidget(inFront);
        notebooks?.currentChanged.connect(() => void meter.look());
        bar.registerStatusItem("@atelier/studio:meter", { item: meter, align: "right", rank: 900 });
        bar.registerStatusItem("@atelier/studio:countdown", { item: new CountdownWidget(), align: "right", rank: 890 });
      }
    });
  },
};
