import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget } from "@jupyterlab/apputils";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { listIcon, settingsIcon } from "@jupyterlab/ui-components";
import type { Widget } from "@lumino/widgets";
import { IAws } from "../aws-plugin";
import { IStudio } from "../studio";
import { text } from "../texts";
import { Detail, DetailWidget } from "./detail";
import { type Kind, Registry, shownKinds } from "./kinds";
import { RegistryPanel } from "./panel";
import { SettingsPane } from "./settings";

const SHOW = "atelier:show-registry";

function label(widget: Widget, id: string, title: string): void {
  widget.id = id;
  widget.title.caption = title;
  widget.node.setAttribute("role", "region");
  widget.node.setAttribute("aria-label", title);
}

/** Components and registries at the left, their pages in the middle, and settings of tables and charts at the right. */
export const registry: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:registry",
  description: "Components and registries.",
  autoStart: true,
  requires: [IAws, IStudio, IRenderMimeRegistry],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    aws: IAws,
    studio: IStudio,
    rendermime: IRenderMimeRegistry,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
  ) => {
    const resources = new Registry(aws.clients);
    const settings = new SettingsPane();
    const detailOf = (widget: Widget | null) =>
      widget instanceof MainAreaWidget && widget.content instanceof DetailWidget ? widget.content.detail : undefined;
    const open = (kind: Kind, name: string) => {
      const id = `atelier-detail ${kind.id} ${name}`;
      if (![...app.shell.widgets("main")].some((widget) => widget.id === id)) {
        const main = new MainAreaWidget({ content: new DetailWidget(new Detail(resources, kind, name), rendermime) });
        main.id = id;
        main.title.label = name;
        main.title.icon = listIcon;
        main.title.closable = true;
        app.shell.add(main, "main");
      }
      app.shell.activateById(id);
    };
    const panel = new RegistryPanel(resources, studio.ready.then((me) => shownKinds(me?.hiddenTools ?? [])), open);
    panel.title.icon = listIcon;
    label(panel, "atelier-registry", text("registry.title"));
    settings.title.icon = settingsIcon;
    label(settings, "atelier-settings", text("registry.settings"));
    for (const [widget, area, rank] of [[panel, "left", 320], [settings, "right", 300]] as const) {
      restorer?.add(widget, widget.id);
      app.shell.add(widget, area, { rank });
    }
    shell?.currentChanged.connect((_, { newValue }) => settings.showDetail(detailOf(newValue)));
    app.commands.addCommand(SHOW, { label: text("registry.title"), execute: () => app.shell.activateById(panel.id) });
    palette?.addItem({ command: SHOW, category: text("words.studio") });
    void aws.clients.then((clients) => {
      if (!clients) {
        panel.dispose();
        settings.dispose();
      }
    });
  },
};
