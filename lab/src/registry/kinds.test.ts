import { expect, test } from "vitest";
import { KINDS, shownKinds } from "./kinds";

test("a tool that settings hide takes its kinds along", () => {
  expect(shownKinds([])).toEqual(KINDS);
  const left = shownKinds(["Models", "Endpoints", "JumpStart"]).map((kind) => kind.id);
  expect(left).not.toContain("models");
  expect(left).not.toContain("endpointConfigs");
  expect(left).toContain("trainingJobs");
});
