import { expect, test } from "vitest";
import type { Running } from "../contract";
import { numberOf, titleOf } from "./names";

const APP = {
  appType: "KernelGateway", appName: "a-ml-t3-medium-1", imageName: "Base Python", instanceType: "ml.t3.medium",
  status: "InService", since: "",
};
const running: Running = { instances: [], apps: [APP], kernels: [], terminals: [] };

test("a terminal of an image is called by its number and its image", () => {
  expect(titleOf("a-ml-t3-medium-1.12", running)).toBe("Terminal 12 (Base Python)");
  expect(titleOf("another.2", running)).toBe("Terminal 2");
  expect(titleOf("another.2", undefined)).toBe("Terminal 2");
  expect(titleOf("3", running)).toBeUndefined();
  expect(numberOf("3")).toBe("3");
});
