import type { CreateRoleRequest } from "@aws-sdk/client-iam";

/** What a new execution role may do beyond SageMaker's own: with every bucket, some, or none. */
export type Reach = "any" | "named" | "none";

export const FULL_ACCESS = "AmazonSageMakerFullAccess";
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** A role that SageMaker may act as. */
export function roleRequest(name: string): CreateRoleRequest {
  return { RoleName: name, Path: "/service-role/", AssumeRolePolicyDocument: JSON.stringify(TRUST) };
}

/** What lets a role use buckets; undefined where it shall reach none beyond those of the full-access policy. */
export function bucketPolicy(reach: Reach, buckets: string[]): string | undefined {
  const names = reach === "any" ? ["*"] : reach === "named" ? buckets : [];
  if (!names.length) {
    return undefined;
  }
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: names.map((name) => `arn:aws:s3:::${name}`) },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: names.map((name) => `arn:aws:s3:::${name}/*`),
      },
    ],
  });
}
