/** What the Studio API answers; prices are in USD an hour, null where none is known. */

export interface Me {
  domainId: string;
  userProfileName: string;
  spaceName?: string;
  region: string;
  account: string;
  executionRole: string;
  appType: string;
  /** Tools that settings take out of the menus, by AWS's names. */
  hiddenTools: string[];
  /** Whether terminals open inside of images. */
  imageTerminals?: boolean;
  /** Whether outputs of cells may be shared in the domain. */
  sharesOutputs?: boolean;
}

export interface Kernelspec {
  /** The name under which the server starts it, where it says so. */
  spec?: string;
  name: string;
  displayName: string;
}

export interface Image {
  imageArn: string;
  imageVersionArn?: string;
  name: string;
  displayName: string;
  custom: boolean;
  gpu: boolean;
  /** It runs notebooks that name it, and is not offered. */
  older?: boolean;
  defaultInstanceType: string;
  kernels: Kernelspec[];
  /** How what runs here differs from what the name promises. */
  difference?: string;
}

export interface InstanceType {
  name: string;
  vcpu: number;
  memoryGiB: number;
  gpus: number;
  gpu?: string;
  fastLaunch: boolean;
  /** Whether notebook jobs run on it. */
  jobs?: boolean;
  pricePerHour: number | null;
  available: boolean;
  /** Why it is not available. */
  reason?: string;
  /** The same in a word, where this machine can never have it. */
  lack?: "gpu" | "room";
}

export interface Script {
  name: string;
  arn: string;
  default?: boolean;
}

export interface RunningInstance {
  instanceType: string;
  status: string;
  since: string;
  apps: string[];
  pricePerHour: number | null;
}

export interface RunningApp {
  appType: string;
  appName: string;
  /** Absent for JupyterLab's own app. */
  imageArn?: string;
  imageName?: string;
  instanceType: string;
  status: string;
  phase?: string;
  failureReason?: string;
  since: string;
}

export interface RunningKernel {
  id: string;
  name: string;
  displayName: string;
  path?: string;
  sessionId?: string;
  appName: string;
  instanceType: string;
  state: string;
  connections: number;
  lastActivity: string;
  /** Why it did not start. */
  reason?: string;
}

export interface RunningTerminal {
  name: string;
  appName?: string;
}

export interface Running {
  instances: RunningInstance[];
  apps: RunningApp[];
  kernels: RunningKernel[];
  terminals: RunningTerminal[];
}

/** What a kernel does or did for a cell of a notebook. */
export interface Execution {
  msgId: string;
  cellId: string;
  path: string;
  started: string;
  finished?: string;
}

/** What a notebook runs on. */
export interface Environment {
  image: Image;
  kernel: Kernelspec;
  instanceType: string;
  script: string | null;
}
