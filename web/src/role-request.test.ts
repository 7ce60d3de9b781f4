import { expect, test } from "vitest";
import { bucketPolicy, roleRequest } from "./role-request";

test("a role is one that SageMaker may act as", () => {
  const { RoleName, AssumeRolePolicyDocument } = roleRequest("Team");
  expect(RoleName).toBe("Team");
  expect(JSON.parse(AssumeRolePolicyDocument ?? "").Statement[0].Principal).toEqual({ Service: "sagemaker.amazonaws.com" });
});

test("it reaches every bucket, the named ones, or none", () => {
  const reached = (policy: string | undefined) => (JSON.parse(policy ?? "").Statement as { Resource: string[] }[]).flatMap((each) => each.Resource);
  expect(reached(bucketPolicy("any", ["left-out"]))).toEqual(["arn:aws:s3:::*", "arn:aws:s3:::*/*"]);
  expect(reached(bucketPolicy("named", ["a", "b"]))).toEqual([
    "arn:aws:s3:::a",
    "arn:aws:s3:::b",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::b/*",
  ]);
  expect(bucketPolicy("none", ["a"])).toBeUndefined();
  expect(bucketPolicy("named", [])).toBeUndefined();
});
