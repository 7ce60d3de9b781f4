import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget } from "@jupyterlab/apputils";
import { fileIcon } from "@jupyterlab/ui-components";
import { IAws } from "../aws-plugin";
import { text } from "../texts";
import { ObjectWidget } from "./object";
import { Objects } from "./objects";
import { bucketIcon, S3Panel } from "./panel";
import { nameOf } from "./places";

const SHOW = "atelier:show-s3";

export const s3: JupyterFrontEndPlugin<void> = {
  id: "@atelier/studio:s3",
  description: "A browser of the object store.",
  autoStart: true,
  requires: [IAws],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (app: JupyterFrontEnd, aws: IAws, restorer: ILayoutRestorer | null, palette: ICommandPalette | null) => {
    const objects = new Objects(aws.clients);
    const open = (bucket: string, key: string) => {
      const id = `atelier-object ${bucket}/${key}`;
      if (![...app.shell.widgets("main")].some((widget) => widget.id === id)) {
        const main = new MainAreaWidget({ content: new ObjectWidget(objects, bucket, key) });
        main.id = id;
        main.title.label = nameOf(key);
        main.title.caption = `s3://${bucket}/${key}`;
        main.title.icon = fileIcon;
        main.title.closable = true;
        app.shell.add(main, "main");
      }
      app.shell.activateById(id);
    };
    const panel = new S3Panel(objects, open);
    panel.id = "atelier-s3";
    panel.title.icon = bucketIcon;
    panel.title.caption = text("s3.title");
    panel.node.setAttribute("role", "region");
    panel.node.setAttribute("aria-label", text("s3.title"));
    restorer?.add(panel, panel.id);
    app.shell.add(panel, "left", { rank: 310, type: "S3" });
    app.commands.addCommand(SHOW, { label: text("s3.title"), execute: () => app.shell.activateById(panel.id) });
    palette?.addItem({ command: SHOW, category: text("words.studio") });
    void aws.clients.then((clients) => clients ?? panel.dispose());
  },
};
