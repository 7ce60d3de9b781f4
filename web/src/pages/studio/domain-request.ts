import type { CreateDomainRequest, MlTools, StudioWebPortalSettings } from "@aws-sdk/client-sagemaker";
import { listed } from "../../listed";

/** What the steps ask about a domain; an empty answer leaves its member out. */
export interface Answers {
  name: string;
  auth: string;
  role: string;
  spaceRole: string;
  tags: string;
  propagation: boolean;
  output: string;
  outputPath: string;
  outputKey: string;
  hidden: string[];
  idle: string;
  instance: string;
  network: string;
  vpc: string;
  subnets: string;
  groups: string;
  key: string;
}

export const FIRST: Answers = {
  name: "",
  auth: "IAM",
  role: "",
  spaceRole: "",
  tags: "",
  propagation: false,
  output: "",
  outputPath: "",
  outputKey: "",
  hidden: [],
  idle: "",
  instance: "ml.t3.medium",
  network: "PublicInternetOnly",
  vpc: "",
  subnets: "",
  groups: "",
  key: "",
};

/** Tags as one types them: `team=churn, stage=trial`. */
export function tagsOf(text: string) {
  return listed(text)?.map((each) => {
    const [Key = "", ...value] = each.split("=");
    return { Key, Value: value.join("=") };
  });
}

/** The setting that takes tools out of Studio's menus; undefined where all are shown. */
export function withoutTools(hidden: string[]): StudioWebPortalSettings | undefined {
  return hidden.length ? { HiddenMlTools: hidden as MlTools[] } : undefined;
}

function idleSettings(minutes: number) {
  return { AppLifecycleManagement: { IdleSettings: { LifecycleManagement: "ENABLED" as const, IdleTimeoutInMinutes: minutes } } };
}

function sharing(given: Answers) {
  return given.output
    ? {
        NotebookOutputOption: given.output as "Allowed",
        S3OutputPath: given.outputPath || undefined,
        S3KmsKeyId: given.outputKey || undefined,
      }
    : undefined;
}

/** The request that the answers make. */
export function request(given: Answers): CreateDomainRequest {
  const idle = Number(given.idle);
  return {
    DomainName: given.name,
    AuthMode: given.auth as "IAM",
    AppNetworkAccessType: given.network as "PublicInternetOnly",
    VpcId: given.vpc || undefined,
    SubnetIds: listed(given.subnets),
    KmsKeyId: given.key || undefined,
    Tags: tagsOf(given.tags),
    TagPropagation: given.propagation ? "ENABLED" : undefined,
    DefaultUserSettings: {
      ExecutionRole: given.role,
      SecurityGroups: listed(given.groups),
      SharingSettings: sharing(given),
      StudioWebPortalSettings: withoutTools(given.hidden),
      KernelGatewayAppSettings: given.instance
        ? { DefaultResourceSpec: { InstanceType: given.instance as "ml.t3.medium" } }
        : undefined,
      JupyterLabAppSettings: idle ? idleSettings(idle) : undefined,
    },
    DefaultSpaceSettings: given.spaceRole ? { ExecutionRole: given.spaceRole } : undefined,
  };
}
