import { expect, test } from "vitest";
import { boto3, commandLine } from "./code";

const INPUT = {
  DomainName: "team",
  TagPropagation: undefined,
  DefaultUserSettings: { ExecutionRole: "arn:aws:iam::1:role/R", SecurityGroups: [], AutoMountHomeEFS: "Enabled" },
  SubnetIds: ["subnet-1"],
  Recovery: true,
};

test("a request is the boto3 call that makes it", () => {
  expect(boto3("CreateDomain", INPUT)).toBe(`import boto3

sagemaker = boto3.client("sagemaker")
sagemaker.create_domain(
    DomainName="team",
    DefaultUserSettings={
        "ExecutionRole": "arn:aws:iam::1:role/R",
        "SecurityGroups": [],
        "AutoMountHomeEFS": "Enabled",
    },
    SubnetIds=[
        "subnet-1",
    ],
    Recovery=True,
)
`);
});

test("another service is called by its own client", () => {
  expect(boto3("CreateBucket", { Bucket: "b" }, "s3")).toContain('s3 = boto3.client("s3")\ns3.create_bucket(');
  expect(commandLine("CreateBucket", { Bucket: "b" }, "s3")).toMatch(/^aws s3api create-bucket/);
});

test("a request is the command that makes it, quoted for the shell", () => {
  expect(commandLine("CreateUserProfile", { DomainId: "d-1", Note: "it's", Settings: { A: [1] } })).toBe(
    `aws sagemaker create-user-profile \\
  --domain-id 'd-1' \\
  --note 'it'\\''s' \\
  --settings '{"A":[1]}'
`,
  );
});
