import type { Running, RunningInstance, RunningKernel, RunningTerminal } from "../contract";
import { numberOf } from "../terminals/names";

/** What goes along when something is stopped; system terminals go on, as they belong to no app of an instance. */
export interface Ending {
  apps: string[];
  /** Paths, or names where a kernel belongs to no document. */
  kernels: string[];
  terminals: string[];
}

const PROVISIONAL = /(^|\/)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The document that a kernel works for; JupyterLab begins a session under a random path, which is no document's. */
export function documentOf({ path }: RunningKernel): string | undefined {
  return path && !PROVISIONAL.test(path) ? path : undefined;
}

/** What runs in some of the apps. */
export function endingOf(appNames: string[], running: Running): Ending {
  const within = new Set(appNames);
  return {
    apps: running.apps.filter((app) => within.has(app.appName)).map((app) => app.imageName || app.appName),
    kernels: running.kernels
      .filter((kernel) => within.has(kernel.appName))
      .map((kernel) => documentOf(kernel) ?? kernel.displayName),
    terminals: running.terminals.filter((each) => each.appName && within.has(each.appName)).map((each) => numberOf(each.name)),
  };
}

/** Instances that a user may stop: the one that JupyterLab itself runs on is no such. */
export const stoppable = (instances: RunningInstance[]): RunningInstance[] =>
  instances.filter((instance) => instance.instanceType !== "system");

/** What all instances together cost an hour; undefined where no price is known. */
export function costOf(instances: RunningInstance[]): number | undefined {
  const prices = instances.map((each) => each.pricePerHour).filter((each): each is number => each !== null);
  return prices.length > 0 ? Math.round(prices.reduce((sum, each) => sum + each, 0) * 1e6) / 1e6 : undefined;
}

/** Terminals in images, as Studio tells them, and those of JupyterLab's own server among all that JupyterLab knows. */
export function allTerminals(told: RunningTerminal[], own: string[]): RunningTerminal[] {
  const names = new Set(told.map((each) => each.name));
  return [...told, ...own.filter((name) => !names.has(name) && numberOf(name) === name).map((name) => ({ name }))].sort((one, other) =>
    one.name.localeCompare(other.name, "en", { numeric: true }),
  );
}
