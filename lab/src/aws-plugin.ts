import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Token } from "@lumino/coreutils";
import { Aws } from "./aws";
import { IStudio } from "./studio";

/** AWS's clients, once it is known whether the server has Studio; undefined where it has none. */
export interface IAws {
  readonly clients: Promise<Aws | undefined>;
}

export const IAws = new Token<IAws>("@atelier/studio:IAws", "AWS's clients, as the app's execution role.");

export const aws: JupyterFrontEndPlugin<IAws> = {
  id: "@atelier/studio:aws",
  description: "AWS's clients, as the app's execution role.",
  autoStart: true,
  requires: [IStudio],
  provides: IAws,
  activate: (_app: JupyterFrontEnd, studio: IStudio) => ({ clients: studio.ready.then((me) => me && new Aws(me.region)) }),
};
