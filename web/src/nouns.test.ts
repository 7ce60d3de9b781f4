import { expect, test } from "vitest";
import { placeOf } from "./noun-places";
import { plain } from "./status";

test("every noun leads to its page", () => {
  const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
  expect(placeOf("arn:aws:iam::123456789012:role/service-role/Runner")).toBe("/access/roles?name=Runner");
  expect(placeOf(arn("sagemaker", "user-profile/d-1/dana"))).toBe("/studio/users?domain=d-1&user=dana");
  expect(placeOf(arn("sagemaker", "image-version/tools/3"))).toBe("/studio/images?image=tools");
  expect(placeOf(arn("sagemaker", "training-job/a"))).toBe("/jobs?name=a");
  expect(placeOf(arn("sagemaker", "app/d-1/dana/KernelGateway/k"))).toBe("/studio/users?domain=d-1&user=dana");
  expect(placeOf(arn("sagemaker", "app/d-1/lab/JupyterLab/default"))).toBe("/studio/spaces?domain=d-1&space=lab");
  expect(placeOf(arn("kms", "key/1"))).toBe("");
  expect(placeOf("")).toBe("");
});

test("a status is one word, whatever AWS calls it of this kind", () => {
  expect(plain("CREATE_FAILED")).toBe("CreateFailed");
  expect(plain("Update_Failed")).toBe("UpdateFailed");
  expect(plain("CREATED")).toBe("Created");
  expect(plain("InService")).toBe("InService");
  expect(plain(undefined)).toBe("");
});
