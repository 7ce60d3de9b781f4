import { expect, test } from "vitest";
import { failure } from "./failure";

test("a denied call names the permission and the resource that it lacked", () => {
  const base = "User: arn:aws:iam::123456789012:user/dana is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k";
  expect(failure({ name: "AccessDenied", message: `${base} with an explicit deny in an identity-based policy` }).denied).toEqual(
    { action: "s3:GetObject", resource: "arn:aws:s3:::b/k", explicit: true },
  );
  expect(failure({ message: `${base} because no identity-based policy allows the s3:GetObject action` }).denied).toEqual({
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/k",
    explicit: false,
  });
  expect(
    failure({ message: "User: x is not authorized to perform: logs:DescribeLogGroups because no identity-based policy allows it" })
      .denied,
  ).toEqual({ action: "logs:DescribeLogGroups", resource: undefined, explicit: false });
});

test("other failures keep their words", () => {
  expect(failure({ name: "NoSuchBucket", message: "The specified bucket does not exist" })).toMatchObject({
    code: "NoSuchBucket",
    message: "The specified bucket does not exist",
    denied: undefined,
  });
  expect(failure("broken").message).toBe("broken");
});
