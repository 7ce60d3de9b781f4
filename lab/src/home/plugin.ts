import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { IRecentsManager } from "@jupyterlab/docmanager";
import { downloadIcon, homeIcon, launcherIcon, listIcon, terminalIcon } from "@jupyterlab/ui-components";
import { bucketIcon } from "../s3/panel";
import { IStudio } from "../studio";
import { text } from "../texts";
import { HomeButton, HomeWidget, type Offer } from "./home";

const OPEN = "atelier:home";

/** Studio's start page, as a tab; a button beside the menus leads to it. */
export const home: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:home",
  description: "What runs, recent notebooks, and what can be started.",
  autoStart: true,
  requires: [IStudio],
  optional: [IRecentsManager, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    studio: IStudio,
    recents: IRecentsManager | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
  ) => {
    const tracker = new WidgetTracker<MainAreaWidget<HomeWidget>>({ namespace: "atelier-home" });
    const offers: Offer[] = [
      { command: "launcher:create", icon: launcherIcon, title: text("home.launch"), note: text("home.launchNote") },
      { command: "git:clone", icon: downloadIcon, title: text("home.clone"), note: text("home.cloneNote") },
      { command: "atelier:show-s3", icon: bucketIcon, title: text("home.data"), note: text("home.dataNote") },
      { command: "atelier:show-registry", icon: listIcon, title: text("home.registry"), note: text("home.registryNote") },
      { command: "terminal:create-new", icon: terminalIcon, title: text("launcher.systemTerminal"), note: text("home.terminalNote") },
    ];
    let open: MainAreaWidget<HomeWidget> | undefined;
    app.commands.addCommand(OPEN, {
      label: text("home.title"),
      icon: homeIcon,
      isVisible: () => studio.me !== undefined,
      execute: () => {
        if (!open || open.isDisposed) {
          open = new MainAreaWidget({ content: new HomeWidget(studio, app.commands, recents, offers) });
          open.id = "atelier-home";
          open.title.label = text("home.title");
          open.title.icon = homeIcon;
          open.title.closable = true;
          app.shell.add(open, "main");
          void tracker.add(open);
        }
        app.shell.activateById(open.id);
      },
    });
    void studio.ready.then((me) => {
      if (me) {
        const button = new HomeButton(() => void app.commands.execute(OPEN));
        button.id = "atelier-home-button";
        app.shell.add(button, "menu", { rank: 50 });
      }
    });
    if (restorer) {
      void restorer.restore(tracker, { command: OPEN, name: () => "home" });
    }
    palette?.addItem({ command: OPEN, category: text("words.studio") });
  },
};
