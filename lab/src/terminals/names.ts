import type { Running } from "../contract";
import { text } from "../texts";

/** The number of a terminal; the name of one inside of an image begins with its app's: `<app>.<number>`. */
export const numberOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** What a tab calls a terminal inside of an image: "Terminal 1 (Data Science 3.0)"; undefined for Jupyter's own. */
export function titleOf(name: string, running: Running | undefined): string | undefined {
  const dot = name.lastIndexOf(".");
  if (dot < 0) {
    return undefined;
  }
  const app = running?.apps.find((each) => each.appName === name.slice(0, dot));
  const title = text("running.terminal", { name: numberOf(name) });
  return app ? `${title} (${app.imageName ?? app.appName})` : title;
}
