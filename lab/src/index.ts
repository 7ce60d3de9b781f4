import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ITranslator } from "@jupyterlab/translation";
import { app } from "./app/plugin";
import { aws } from "./aws-plugin";
import { compute, dialogs } from "./compute/plugin";
import { git } from "./git";
import { home } from "./home/plugin";
import { jobs } from "./jobs/plugin";
import { kernels } from "./kernels/plugin";
import { launcher } from "./launcher/plugin";
import { registry } from "./registry/plugin";
import { running } from "./running/plugin";
import { s3 } from "./s3/plugin";
import { share } from "./share/plugin";
import { terminals } from "./terminals/plugin";
import { IStudio, Studio } from "./studio";
import { speak } from "./texts";

const studio: JupyterFrontEndPlugin<IStudio> = {
  id: "@atelier/studio:studio",
  description: "What Studio runs and can run.",
  autoStart: true,
  optional: [ITranslator],
  provides: IStudio,
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    speak(translator?.languageCode ?? "en");
    return new Studio(app.serviceManager.serverSettings.baseUrl);
  },
};

export default [studio, app, aws, dialogs, compute, launcher, running, kernels, s3, registry, home, terminals, share, jobs, git];
