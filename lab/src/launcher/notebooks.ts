import type { Contents, ServiceManager } from "@jupyterlab/services";
import { metadataOf, specName } from "../compute/change";
import type { Environment } from "../contract";
import type { IStudio, Started } from "../studio";

/** A kernel of an environment for what lies in a folder. */
export function kernelFor(studio: IStudio, path: string, { image, kernel, instanceType, script }: Environment): Promise<Started> {
  return studio.startKernel({ name: specName(image, kernel), path, instanceType, ...(script ? { script } : {}) });
}

/** A new notebook that notes its environment, so that it starts there wherever it is opened. */
export async function newNotebook(contents: Contents.IManager, folder: string, environment: Environment): Promise<string> {
  const { path } = await contents.newUntitled({ type: "notebook", path: folder });
  await contents.save(path, {
    type: "notebook",
    format: "json",
    content: {
      cells: [{ cell_type: "code", execution_count: null, id: crypto.randomUUID?.() ?? "first", metadata: {}, outputs: [], source: "" }],
      metadata: metadataOf(environment),
      nbformat: 4,
      nbformat_minor: 5,
    },
  });
  return path;
}

/** A new notebook with its kernel started; what is there is refreshed first, so that it is found by its id. */
export async function startNotebook(
  services: ServiceManager.IManager,
  studio: IStudio,
  folder: string,
  environment: Environment,
): Promise<{ path: string; kernel: { id: string; name: string } }> {
  const path = await newNotebook(services.contents, folder, environment);
  const { id } = await kernelFor(studio, path, environment);
  await services.kernels.refreshRunning();
  return { path, kernel: { id, name: specName(environment.image, environment.kernel) } };
}
