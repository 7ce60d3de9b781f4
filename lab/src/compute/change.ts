import type { ISessionContext } from "@jupyterlab/apputils";
import { showErrorMessage } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Environment, Image, Kernelspec } from "../contract";
import { compose, parse } from "../kernel-names";
import type { IStudio } from "../studio";
import { text } from "../texts";
import { aloneOn, imageOf, labelOf, shown } from "./bound";
import { askEnvironment, type Choices, draftOf } from "./environment";
import { askInstance } from "./instances";

/** AWS's own members of a notebook's metadata. */
export const INSTANCE_TYPE = "instance_type";
export const SCRIPT = "lcc_arn";

/** The name under which the server knows an image's kernel. */
export function specName(image: Image, kernel: Kernelspec): string {
  return kernel.spec ?? (parse(kernel.name) ? kernel.name : compose(kernel.name, image.imageArn, image.imageVersionArn));
}

/** What a notebook has to say for the server to start its kernel there. */
export function metadataOf({ image, kernel, instanceType, script }: Environment): Record<string, object | string> {
  return {
    [INSTANCE_TYPE]: instanceType,
    ...(script ? { [SCRIPT]: script } : {}),
    kernelspec: { display_name: labelOf(image, kernel), language: "python", name: specName(image, kernel) },
  };
}

/** Changes what documents run on: asks, notes it in the document, starts the kernel and binds it. */
export class Changes {
  constructor(
    private readonly studio: IStudio,
    /** The notebook that a session belongs to, if one is open. */
    private readonly panelOf: (context: ISessionContext) => NotebookPanel | undefined,
    private readonly refreshKernels: () => Promise<void>,
  ) {}

  async choices(): Promise<Choices> {
    const [images, types, scripts] = await Promise.all([
      this.studio.images(),
      this.studio.instanceTypes(true),
      this.studio.scripts(),
    ]);
    return { images, types, scripts };
  }

  /** The instance that nothing needs any more once this kernel has left it. */
  private left(context: ISessionContext): string | undefined {
    const id = context.session?.kernel?.id;
    const old = this.studio.running?.kernels.find((kernel) => kernel.id === id)?.instanceType;
    return aloneOn(old, id, this.studio.running) ? old : undefined;
  }

  private noted(panel: NotebookPanel | undefined, name: string): string | undefined {
    const value: unknown = panel?.model?.getMetadata(name);
    return typeof value === "string" ? value : undefined;
  }

  /** The whole form; `title` says what it is for. */
  async environment(context: ISessionContext, title = text("compute.change")): Promise<void> {
    await this.told(async () => {
      await this.studio.refresh();
      const choices = await this.choices();
      const panel = this.panelOf(context);
      const wanted = context.session?.kernel?.name ?? specOf(panel)?.name;
      const image = imageOf(wanted, choices.images) ?? choices.images[0];
      if (!image) {
        await showErrorMessage(title, text("compute.noImages"));
        return;
      }
      const kernel = image.kernels.find((each) => specName(image, each) === wanted)?.name;
      const held = this.studio.running?.kernels.find((each) => each.id === context.session?.kernel?.id)?.instanceType;
      const draft = draftOf(image, choices.scripts, kernel, held ?? this.noted(panel, INSTANCE_TYPE), this.noted(panel, SCRIPT));
      const chosen = await askEnvironment(title, choices, draft, true, this.left(context));
      if (!chosen || context.isDisposed) {
        return;
      }
      const old = chosen.stopOld ? this.left(context) : undefined;
      if (chosen.environment) {
        await this.bind(context, panel, chosen.environment);
      } else if (!context.hasNoKernel) {
        await context.shutdown();
      }
      await this.stop(old);
    });
  }

  /** The table of sizes alone: image and kernel stay. */
  async instance(context: ISessionContext): Promise<void> {
    await this.told(async () => {
      await this.studio.refresh();
      const choices = await this.choices();
      const panel = this.panelOf(context);
      const name = context.session?.kernel?.name ?? specOf(panel)?.name;
      const image = imageOf(name, choices.images);
      const kernel = image?.kernels.find((each) => specName(image, each) === name) ?? image?.kernels[0];
      if (!image || !kernel) {
        await this.environment(context);
        return;
      }
      const now = shown(
        { id: context.session?.kernel?.id, name, status: context.kernelDisplayStatus },
        this.noted(panel, INSTANCE_TYPE),
        this.studio.running,
        choices.types,
      ).instanceType;
      const chosen = await askInstance(choices.types, now ?? image.defaultInstanceType, this.left(context));
      if (!chosen?.instanceType || context.isDisposed || (chosen.instanceType === now && context.session?.kernel)) {
        return;
      }
      const old = chosen.stopOld ? this.left(context) : undefined;
      const script = this.noted(panel, SCRIPT) ?? null;
      await this.bind(context, panel, { image, kernel, instanceType: chosen.instanceType, script });
      await this.stop(old);
    });
  }

  /** Starts what the document notes once more, with its start-up script or without any. */
  async again(context: ISessionContext, withScript: boolean): Promise<void> {
    await this.told(async () => {
      const choices = await this.choices();
      const panel = this.panelOf(context);
      const name = context.session?.kernel?.name ?? specOf(panel)?.name;
      const image = imageOf(name, choices.images);
      const kernel = image?.kernels.find((each) => specName(image, each) === name);
      if (!image || !kernel) {
        await this.environment(context);
        return;
      }
      const instanceType = this.noted(panel, INSTANCE_TYPE) ?? image.defaultInstanceType;
      const script = (withScript ? this.noted(panel, SCRIPT) : undefined) ?? null;
      await this.bind(context, panel, { image, kernel, instanceType, script });
    });
  }

  /** Notes the choice in the document first, so that it holds wherever the notebook is opened next. */
  async bind(context: ISessionContext, panel: NotebookPanel | undefined, environment: Environment): Promise<void> {
    const { image, kernel, instanceType, script } = environment;
    const name = specName(image, kernel);
    const model = panel?.model;
    if (panel && model && !model.readOnly) {
      model.deleteMetadata(SCRIPT);
      Object.entries(metadataOf(environment)).forEach(([key, value]) => model.setMetadata(key, value));
      if (panel.context.contentsModel?.writable) {
        await panel.context.save();
      }
    }
    const started = await this.studio.startKernel({ name, path: context.path, instanceType, ...(script ? { script } : {}) });
    await this.refreshKernels();
    await context.changeKernel({ id: started.id, name: started.name ?? name });
    await this.studio.refresh();
  }

  private async stop(instanceType: string | undefined): Promise<void> {
    // others may have come to it meanwhile
    if (instanceType && !this.studio.running?.kernels.some((kernel) => kernel.instanceType === instanceType)) {
      await this.studio.stopInstance(instanceType);
    }
  }

  private async told(does: () => Promise<void>): Promise<void> {
    try {
      await does();
    } catch (error) {
      await showErrorMessage(text("compute.refused"), error instanceof Error ? error.message : String(error));
    }
  }
}

function specOf(panel: NotebookPanel | undefined): { name?: string } | undefined {
  const spec: unknown = panel?.model?.getMetadata("kernelspec");
  return spec && typeof spec === "object" ? (spec as { name?: string }) : undefined;
}
