import type { Image, InstanceType, Running, RunningApp, RunningKernel } from "../contract";
import { parse } from "../kernel-names";
import { size } from "../sizes";

/** A notebook's or console's kernel as JupyterLab knows it. */
export interface Held {
  id?: string;
  name?: string;
  /** The display name of its kernelspec. */
  label?: string;
  /** JupyterLab's word for what it does. */
  status: string;
}

/** What the toolbar shows beside a document. */
export interface Shown {
  /** "2 vCPU + 4 GiB", the name of a type that is not in the list, or undefined while no kernel is bound. */
  size?: string;
  instanceType?: string;
  label?: string;
  status: Status;
  app?: RunningApp;
}

export type Status = "none" | "idle" | "busy" | "starting" | "restarting" | "connecting" | "dead" | "failed" | "unknown";

const WORDS: Record<string, Status> = {
  idle: "idle",
  busy: "busy",
  starting: "starting",
  initializing: "starting",
  restarting: "restarting",
  autorestarting: "restarting",
  connecting: "connecting",
  disconnected: "connecting",
  terminating: "dead",
  dead: "dead",
};

/** Whether the dot is filled: a kernel that starts counts as busy, as AWS shows it. */
export const filled = (status: Status): boolean => ["busy", "starting", "restarting"].includes(status);

/** The app that a kernel runs in. */
export function appOf(kernel: RunningKernel | undefined, running: Running | undefined): RunningApp | undefined {
  return kernel && running?.apps.find((app) => app.appName === kernel.appName);
}

/** Why a kernel did not start, "" when nobody said; undefined while it may or does run. */
export function failure(kernel: RunningKernel | undefined, app: RunningApp | undefined): string | undefined {
  return app?.status === "Failed" ? (app.failureReason ?? "") : kernel?.reason;
}

export function shown(
  held: Held | undefined,
  noted: string | undefined,
  running: Running | undefined,
  types: InstanceType[],
): Shown {
  if (!held?.name) {
    return { status: "none" };
  }
  const kernel = running?.kernels.find((each) => each.id === held.id);
  const app = appOf(kernel, running);
  const instanceType = kernel?.instanceType ?? app?.instanceType ?? noted;
  const type = types.find((each) => each.name === instanceType);
  const status = failure(kernel, app) !== undefined ? "failed" : app?.status === "Pending" ? "starting" : WORDS[held.status];
  return {
    ...(held.id && instanceType ? { size: type ? size(type) : instanceType } : {}),
    ...(instanceType ? { instanceType } : {}),
    label: held.label ?? kernel?.displayName ?? held.name,
    status: status ?? "unknown",
    ...(app ? { app } : {}),
  };
}

/** The image that a kernel's name asks for. */
export function imageOf(name: string | undefined, images: Image[]): Image | undefined {
  const parsed = name ? parse(name) : undefined;
  return parsed && images.find((image) => image.imageArn === parsed.imageArn);
}

/** "Python 3 (Data Science 3.0)" */
export const labelOf = (image: Image, kernel: { displayName: string }): string =>
  kernel.displayName.endsWith(`(${image.displayName})`)
    ? kernel.displayName
    : `${kernel.displayName} (${image.displayName})`;

/** Whether nothing else of the user's runs on the instance that this kernel is about to leave. */
export function aloneOn(instanceType: string | undefined, kernelId: string | undefined, running: Running | undefined): boolean {
  const instance = running?.instances.find((each) => each.instanceType === instanceType);
  if (!instance || !kernelId || instanceType === "system") {
    return false;
  }
  const others = running?.kernels.some((each) => each.instanceType === instanceType && each.id !== kernelId);
  const terminals = running?.terminals.some((each) => each.appName !== undefined && instance.apps.includes(each.appName));
  return !others && !terminals;
}
