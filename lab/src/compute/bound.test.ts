import { expect, test } from "vitest";
import type { InstanceType, Running } from "../contract";
import { aloneOn, failure, filled, imageOf, labelOf, shown } from "./bound";

const TYPES: InstanceType[] = [
  { name: "ml.t3.medium", vcpu: 2, memoryGiB: 4, gpus: 0, fastLaunch: true, pricePerHour: 0.05, available: true },
];
const IMAGE = "arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0";

const kernel = (id: string, appName: string, instanceType: string) => ({
  id, name: `python3__SAGEMAKER_INTERNAL__${IMAGE}`, displayName: "Python 3 (Data Science 3.0)", appName, instanceType,
  state: "idle", connections: 1, lastActivity: "2026-11-21T00:00:00Z",
});
const app = (appName: string, instanceType: string, status = "InService") => ({
  appType: "KernelGateway", appName, imageArn: IMAGE, imageName: "Data Science 3.0", instanceType, status,
  since: "2026-11-21T00:00:00Z",
});
const running = (more: Partial<Running>): Running => ({ instances: [], apps: [], kernels: [], terminals: [], ...more });
const instance = (instanceType: string, apps: string[]) => ({
  instanceType, status: "InService", since: "2026-11-21T00:00:00Z", apps, pricePerHour: 0.05,
});

test("before a kernel is bound there is neither size nor label", () => {
  expect(shown(undefined, "ml.t3.medium", running({}), TYPES)).toEqual({ status: "none" });
});

test("a kernel's size is its own, whatever the notebook notes", () => {
  const now = running({ kernels: [kernel("k", "a", "ml.t3.medium")], apps: [app("a", "ml.t3.medium")] });
  const is = shown({ id: "k", name: "n", status: "idle" }, "ml.m5.large", now, TYPES);
  expect(is).toMatchObject({ size: "2 vCPU + 4 GiB", label: "Python 3 (Data Science 3.0)", status: "idle" });
});

test("a type that is not in the list is shown by its name", () => {
  expect(shown({ id: "k", name: "n", label: "L", status: "busy" }, "ml.q9.huge", undefined, TYPES))
    .toMatchObject({ size: "ml.q9.huge", label: "L", status: "busy" });
});

test("an app that starts or failed says so, whatever the kernel says", () => {
  const kernels = [kernel("k", "a", "ml.t3.medium")];
  const held = { id: "k", name: "n", status: "idle" };
  expect(shown(held, undefined, running({ kernels, apps: [app("a", "ml.t3.medium", "Pending")] }), TYPES).status).toBe("starting");
  expect(shown(held, undefined, running({ kernels, apps: [app("a", "ml.t3.medium", "Failed")] }), TYPES).status).toBe("failed");
});

test("a kernel that its image refused failed, and says why", () => {
  const kernels = [{ ...kernel("k", "a", "ml.t3.medium"), state: "dead", reason: "The image has no kernel named x." }];
  const now = running({ kernels, apps: [app("a", "ml.t3.medium")] });
  expect(shown({ id: "k", name: "n", status: "disconnected" }, undefined, now, TYPES).status).toBe("failed");
  expect(failure(kernels[0], now.apps[0])).toContain("no kernel named x");
  expect(failure(kernel("k", "a", "ml.t3.medium"), now.apps[0])).toBeUndefined();
});

test("the dot is filled while a kernel works or starts", () => {
  expect(["busy", "starting", "restarting"].every((each) => filled(each as "busy"))).toBe(true);
  expect(["none", "idle", "dead", "failed", "connecting", "unknown"].some((each) => filled(each as "idle"))).toBe(false);
});

test("an instance may be stopped along only when nothing else runs on it", () => {
  const kernels = [kernel("k", "a", "ml.t3.medium")];
  const instances = [instance("ml.t3.medium", ["a"])];
  expect(aloneOn("ml.t3.medium", "k", running({ kernels, instances }))).toBe(true);
  expect(aloneOn("ml.t3.medium", "k", running({ kernels: [...kernels, kernel("l", "b", "ml.t3.medium")], instances }))).toBe(false);
  expect(aloneOn("ml.t3.medium", "k", running({ kernels, instances, terminals: [{ name: "1", appName: "a" }] }))).toBe(false);
  expect(aloneOn("ml.t3.medium", "k", running({ kernels, instances, terminals: [{ name: "1" }] }))).toBe(true);
  expect(aloneOn("system", "k", running({ kernels, instances: [instance("system", ["default"])] }))).toBe(false);
  expect(aloneOn("ml.t3.medium", "k", running({}))).toBe(false);
});

test("a kernel's image is known by its name", () => {
  const image = { imageArn: IMAGE, name: "d", displayName: "Data Science 3.0", custom: false, gpu: false,
    defaultInstanceType: "ml.t3.medium", kernels: [{ name: "python3", displayName: "Python 3" }] };
  expect(imageOf(`python3__SAGEMAKER_INTERNAL__${IMAGE}`, [image])).toBe(image);
  expect(imageOf("python3", [image])).toBeUndefined();
  expect(labelOf(image, { displayName: "Python 3" })).toBe("Python 3 (Data Science 3.0)");
  expect(labelOf(image, { displayName: "Python 3 (Data Science 3.0)" })).toBe("Python 3 (Data Science 3.0)");
});
