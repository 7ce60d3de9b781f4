import { expect, test } from "vitest";
import type { Image } from "../contract";
import { chosen } from "./chosen";

const image = (name: string, kernels = ["python3"]): Image => ({
  imageArn: `arn:aws:sagemaker:us-east-1:1:image/${name}`, name, displayName: name, custom: false, gpu: false,
  defaultInstanceType: "ml.t3.medium", kernels: kernels.map((kernel) => ({ name: kernel, displayName: kernel })),
});
const IMAGES = [image("a"), image("b", ["python3", "lab"])];

test("without a choice it is the first image at its own size", () => {
  for (const kept of [null, "", "no json", "null", "{}", '{"image":"gone","instanceType":"ml.m5.large"}']) {
    expect(chosen(IMAGES, kept), String(kept)).toEqual({ image: IMAGES[0], kernel: IMAGES[0]?.kernels[0], instanceType: "ml.t3.medium", script: null });
  }
});

test("the last choice is kept as far as it is still there", () => {
  const kept = { image: IMAGES[1]?.imageArn, kernel: "lab", instanceType: "ml.m5.large", script: "arn" };
  expect(chosen(IMAGES, JSON.stringify(kept))).toEqual({ image: IMAGES[1], kernel: IMAGES[1]?.kernels[1], instanceType: "ml.m5.large", script: "arn" });
  expect(chosen(IMAGES, JSON.stringify({ ...kept, kernel: "gone" }))?.kernel.name).toBe("python3");
});

test("where there is no image there is no environment", () => {
  expect(chosen([], null)).toBeUndefined();
});
