import type { JupyterFrontEnd } from "@jupyterlab/application";
import { MainAreaWidget, showErrorMessage } from "@jupyterlab/apputils";
import type { INotebookContent } from "@jupyterlab/nbformat";
import type { Widget } from "@lumino/widgets";
import { imageOf } from "../compute/bound";
import { parse } from "../kernel-names";
import { reason } from "../own-api";
import type { IStudio } from "../studio";
import { text } from "../texts";
import { type Beginning, JobForm } from "./form";
import { jobIcon } from "./icon";
import { arnOf, type Definition, nameFor, parametersIn, timingOf, type Work } from "./jobs";
import { JobsPage } from "./page";

const USUAL_TYPE = "ml.m5.large";

/** A form that asks for nothing yet. */
function workOf(path: string): Work {
  return {
    name: nameFor(path),
    path,
    instanceType: USUAL_TYPE,
    imageArn: "",
    kernel: "",
    parameters: {},
    environment: {},
    role: "",
    inputS3: "",
    outputS3: "",
    script: "",
    initializationScript: "",
    kmsKeys: { output: "", volume: "" },
    vpc: { securityGroupIds: [], subnets: [] },
  };
}

/** The tabs of notebook jobs: forms, and the page of what ran and will run. */
export class JobTabs {
  private page: MainAreaWidget<JobsPage> | undefined;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly studio: IStudio,
  ) {}

  /** Opens the form for a notebook, with what it notes of its environment. */
  begin(path: string): Promise<void> {
    return this.told(async () => {
      const notebook = await this.read(path);
      const [types, images] = await Promise.all([this.studio.instanceTypes(), this.studio.images()]);
      const name = notebook?.metadata.kernelspec?.name;
      const noted = types.find((type) => type.jobs && type.name === notebook?.metadata["instance_type"]);
      const found = imageOf(name, images);
      const image = found ?? images[0];
      const kernel = found && name ? parse(name)?.kernel : undefined;
      const work = {
        ...workOf(path),
        imageArn: image ? arnOf(image) : "",
        kernel: kernel ?? image?.kernels[0]?.name ?? "",
        ...(noted ? { instanceType: noted.name } : {}),
      };
      await this.form({ work, timing: undefined, parameters: notebook && parametersIn(notebook) });
    });
  }

  private readonly edit = (definition: Definition) =>
    void this.told(async () => {
      const notebook = await this.read(definition.path);
      const { id, schedule } = definition;
      await this.form({ work: definition, timing: timingOf(schedule), id, parameters: notebook && parametersIn(notebook) });
    });

  /** Shows what ran and what will run. */
  show(definitions: boolean): void {
    if (!this.page || this.page.isDisposed) {
      this.page = this.add(new JobsPage(this.edit), "atelier-notebook-jobs", text("jobs.title"));
    }
    this.page.content.turnTo(definitions ? "definitions" : "jobs");
    this.app.shell.activateById(this.page.id);
  }

  private async form(beginning: Beginning): Promise<void> {
    const [types, images, scripts] = await Promise.all([this.studio.instanceTypes(), this.studio.images(), this.studio.scripts()]);
    const id = `atelier-notebook-job ${beginning.id ?? beginning.work.path}`;
    [...this.app.shell.widgets("main")].find((widget) => widget.id === id)?.dispose();
    const content = new JobForm(beginning, { types, images, scripts }, (scheduled) => {
      main.dispose();
      this.show(scheduled);
    });
    const main = this.add(content, id, text(beginning.id ? "jobs.edit" : "jobs.create"));
  }

  private add<T extends Widget>(content: T, id: string, label: string): MainAreaWidget<T> {
    const main = new MainAreaWidget({ content });
    main.id = id;
    main.title.label = label;
    main.title.icon = jobIcon;
    main.title.closable = true;
    this.app.shell.add(main, "main");
    this.app.shell.activateById(id);
    return main;
  }

  private async read(path: string): Promise<INotebookContent | undefined> {
    const get = this.app.serviceManager.contents.get(path, { type: "notebook", content: true });
    return (await get.catch(() => undefined))?.content as INotebookContent | undefined;
  }

  private async told(does: () => Promise<void>): Promise<void> {
    try {
      await does();
    } catch (error) {
      await showErrorMessage(text("jobs.create"), reason(error));
    }
  }
}
