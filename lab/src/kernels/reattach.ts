import type { CodeCellModel } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { IStudio } from "../studio";
import { type Published, Routing, type Target } from "./routing";

type Output = Parameters<CodeCellModel["outputs"]["add"]>[0];

function target(panel: NotebookPanel, cellId: string): Target | undefined {
  for (const model of panel.model?.cells ?? []) {
    if (model.id === cellId && model.type === "code") {
      const cell = model as CodeCellModel;
      return {
        add: (output) => cell.outputs.add(output as Output) - 1,
        set: (place, output) => cell.outputs.set(place, output as Output),
        clear: (wait) => cell.outputs.clear(wait),
        count: (value) => {
          cell.executionCount = value;
        },
        busy: (value) => {
          cell.executionState = value ? "running" : "idle";
        },
      };
    }
  }
  return undefined;
}

/** Shows in a notebook what its kernel does for it, though another page, or this one before it was reloaded, asked for it. */
export function reattach(panel: NotebookPanel, studio: IStudio): void {
  const context = panel.sessionContext;
  let kernel: Kernel.IKernelConnection | undefined;
  let routing: Routing | undefined;

  const ask = async (of: Kernel.IKernelConnection, into: Routing) => {
    try {
      await panel.context.ready;
      into.learn(await studio.executions(of.id));
    } catch {
      // a server that knows of none leaves the notebook as it is
      into.learn([]);
    }
  };
  const take = (from: Kernel.IKernelConnection, message: KernelMessage.IIOPubMessage) => {
    const published = message as unknown as Published;
    if (routing?.take(published)) {
      routing.wait();
      routing.take(published);
      void ask(from, routing);
    }
  };
  const bind = () => {
    const now = context.session?.kernel ?? undefined;
    if (now === kernel) {
      return;
    }
    kernel?.iopubMessage.disconnect(take);
    routing?.end();
    kernel = now;
    routing = undefined;
    if (now && studio.me) {
      routing = new Routing(now.clientId, context.path, (cellId) => target(panel, cellId));
      now.iopubMessage.connect(take);
      void ask(now, routing);
    }
  };
  const ended = () => {
    if (["dead", "restarting", "autorestarting"].includes(context.kernelDisplayStatus)) {
      routing?.end();
    }
  };
  context.kernelChanged.connect(bind);
  context.statusChanged.connect(ended);
  void studio.ready.then(bind);
}
