import { expect, test } from "vitest";
import type { Running } from "../contract";
import { allTerminals, costOf, documentOf, endingOf, stoppable } from "./ending";

const AT = "2026-11-21T00:00:00Z";
const app = (appName: string, instanceType: string) => ({
  appType: "KernelGateway", appName, imageArn: "arn", imageName: `Image of ${appName}`, instanceType, status: "InService", since: AT,
});
const kernel = (id: string, appName: string, path?: string) => ({
  id, name: "python3", displayName: "Python 3", appName, instanceType: "ml.t3.medium", state: "idle", connections: 0,
  lastActivity: AT, ...(path ? { path } : {}),
});
const instance = (instanceType: string, apps: string[], pricePerHour: number | null) => ({
  instanceType, status: "InService", since: AT, apps, pricePerHour,
});
const RUNNING: Running = {
  instances: [instance("system", ["default"], null), instance("ml.t3.medium", ["a", "b"], 0.05), instance("ml.m5.large", ["c"], 0.115)],
  apps: [app("default", "system"), app("a", "ml.t3.medium"), app("b", "ml.t3.medium"), app("c", "ml.m5.large")],
  kernels: [kernel("1", "a", "one.ipynb"), kernel("2", "b"), kernel("3", "c", "three.ipynb")],
  terminals: [{ name: "1" }, { name: "2", appName: "a" }],
};

test("an instance takes its apps, their kernels and image terminals along, and nothing else", () => {
  expect(endingOf(["a", "b"], RUNNING)).toEqual({
    apps: ["Image of a", "Image of b"], kernels: ["one.ipynb", "Python 3"], terminals: ["2"],
  });
  expect(endingOf([], RUNNING)).toEqual({ apps: [], kernels: [], terminals: [] });
});

test("the instance of JupyterLab itself is not stopped here", () => {
  expect(stoppable(RUNNING.instances).map((each) => each.instanceType)).toEqual(["ml.t3.medium", "ml.m5.large"]);
});

test("costs are added without the dust of fractions, and are unknown where no price is", () => {
  expect(costOf(RUNNING.instances)).toBe(0.165);
  expect(costOf([instance("x", [], null)])).toBeUndefined();
  expect(costOf([])).toBeUndefined();
});

test("a terminal that both tell of is listed once", () => {
  expect(allTerminals([{ name: "2", appName: "a" }], ["10", "2", "1", "app.3"])).toEqual([
    { name: "1" }, { name: "2", appName: "a" }, { name: "10" },
  ]);
});

test("a session that has no document yet is called by its kernel", () => {
  expect(documentOf(kernel("1", "a", "work/one.ipynb"))).toBe("work/one.ipynb");
  expect(documentOf(kernel("1", "a", "work/65d94a26-2ae8-49f3-a219-68a62d045b9c"))).toBeUndefined();
  expect(documentOf(kernel("1", "a"))).toBeUndefined();
});
