import { expect, test } from "vitest";
import { FIRST, request, tagsOf } from "./pages/studio/domain-request";

test("what was left empty is left out", () => {
  expect(JSON.parse(JSON.stringify(request({ ...FIRST, name: "team", role: "arn" })))).toEqual({
    DomainName: "team",
    AuthMode: "IAM",
    AppNetworkAccessType: "PublicInternetOnly",
    DefaultUserSettings: {
      ExecutionRole: "arn",
      KernelGatewayAppSettings: { DefaultResourceSpec: { InstanceType: "ml.t3.medium" } },
    },
  });
});

test("each answer has its member", () => {
  const asked = request({
    ...FIRST,
    name: "team",
    auth: "SSO",
    role: "arn",
    spaceRole: "space",
    tags: "team=churn, stage=a=b",
    propagation: true,
    output: "Allowed",
    outputPath: "s3://shared/",
    outputKey: "alias/shared",
    hidden: ["JumpStart", "Projects"],
    idle: "90",
    network: "VpcOnly",
    vpc: "vpc-1",
    subnets: "subnet-1, subnet-2",
    groups: "sg-1",
    key: "alias/homes",
  });
  expect(asked).toMatchObject({
    AuthMode: "SSO",
    AppNetworkAccessType: "VpcOnly",
    VpcId: "vpc-1",
    SubnetIds: ["subnet-1", "subnet-2"],
    KmsKeyId: "alias/homes",
    Tags: [{ Key: "team", Value: "churn" }, { Key: "stage", Value: "a=b" }],
    TagPropagation: "ENABLED",
    DefaultSpaceSettings: { ExecutionRole: "space" },
    DefaultUserSettings: {
      SecurityGroups: ["sg-1"],
      SharingSettings: { NotebookOutputOption: "Allowed", S3OutputPath: "s3://shared/", S3KmsKeyId: "alias/shared" },
      StudioWebPortalSettings: { HiddenMlTools: ["JumpStart", "Projects"] },
      JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 90 } } },
    },
  });
});

test("no tag is no list", () => {
  expect(tagsOf(" ")).toBeUndefined();
});
