import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget } from "@jupyterlab/apputils";
import { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { ILauncher, LauncherModel } from "@jupyterlab/launcher";
import { ITranslator } from "@jupyterlab/translation";
import { addIcon, launcherIcon } from "@jupyterlab/ui-components";
import type { Widget } from "@lumino/widgets";
import { changesOf } from "../compute/plugin";
import { IStudio } from "../studio";
import { text } from "../texts";
import { StudioLauncher } from "./launcher";

const CREATE = "launcher:create";

/** Stands in the place of JupyterLab's own launcher: same service, same command. */
export const launcher: JupyterFrontEndPlugin<ILauncher> = {
  id: "@atelier/studio:launcher",
  description: "The launcher, with environments to start notebooks in.",
  autoStart: true,
  requires: [IStudio, ITranslator],
  optional: [ILabShell, ICommandPalette, IDefaultFileBrowser],
  provides: ILauncher,
  activate: (
    app: JupyterFrontEnd,
    studio: IStudio,
    translator: ITranslator,
    shell: ILabShell | null,
    palette: ICommandPalette | null,
    browser: IDefaultFileBrowser | null,
  ) => {
    const model = new LauncherModel();
    let count = 0;
    const parts = { commands: app.commands, services: app.serviceManager, studio, changes: changesOf(app, studio) };
    const isOpen = (widget: Widget) => [...app.shell.widgets("main")].includes(widget);

    app.commands.addCommand(CREATE, {
      label: text("launcher.new"),
      icon: (args) => (args.toolbar ? addIcon : undefined),
      execute: (args) => {
        const id = `atelier-launcher-${count++}`;
        const content: StudioLauncher = new StudioLauncher(parts, {
          model,
          cwd: typeof args.cwd === "string" ? args.cwd : (browser?.model.path ?? ""),
          commands: app.commands,
          translator,
          callback: (made) => {
            // what was launched takes the launcher's place
            if (isOpen(made)) {
              app.shell.add(made, "main", { ref: id });
              content.dispose();
            }
          },
        });
        content.model = model;
        content.title.icon = launcherIcon;
        content.title.label = text("launcher.title");
        const main = new MainAreaWidget({ content });
        main.id = id;
        main.title.closable = [...app.shell.widgets("main")].length > 0;
        app.shell.add(main, "main", { activate: args.activate !== false, ...(args.ref ? { ref: String(args.ref) } : {}) });
        shell?.layoutModified.connect(() => {
          main.title.closable = [...shell.widgets("main")].length > 1;
        }, main);
        if (browser) {
          const follow = () => {
            content.cwd = browser.model.path;
          };
          browser.model.pathChanged.connect(follow);
          content.disposed.connect(() => browser.model.pathChanged.disconnect(follow));
        }
        return main;
      },
    });

    palette?.addItem({ command: CREATE, category: text("launcher.title") });
    if (shell) {
      const keep = () => {
        if (shell.isEmpty("main")) {
          void app.commands.execute(CREATE);
        }
      };
      void Promise.all([app.restored, browser?.model.restored]).then(() => shell.layoutModified.connect(keep));
      shell.addButtonEnabled = true;
      shell.addRequested.connect((_, bar) => {
        const ref = bar.currentTitle?.owner.id ?? bar.titles.at(-1)?.owner.id;
        return app.commands.execute(CREATE, ref ? { ref } : {});
      });
    }
    return model;
  },
};
