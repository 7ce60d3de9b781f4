import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateImageCommand,
  CreateImageVersionCommand,
  CreateModelCommand,
  CreateSpaceCommand,
  CreateStudioLifecycleConfigCommand,
  CreateTrainingJobCommand,
  CreateUserProfileCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeImageCommand,
  DescribeTrainingJobCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
  ListEndpointsCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { ACCOUNT } from "./content";
import type { Server } from "./server";

export const JOB = "churn-xgboost-deep";
export const MODEL = "churn";
export const ENDPOINT = "churn-now";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/AtelierExecutionRole`;
const ROWS = "churn-rows";
const IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1";
const WAIT_MS = 120_000;

type Clients = ReturnType<Server["clients"]>;

/** Asks until something is so; what never is fails the test that waits for it. */
export async function until<T>(ask: () => Promise<T>, so: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (so(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`not so in time: ${JSON.stringify(answer)}`);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Rows whose first column follows from the second and third, in a fixed order. */
function rows(count: number): string {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: count }, () => {
    const [a, b, c] = [next(), next(), next()];
    return [a + b / 2 > 0.7 ? 1 : 0, a.toFixed(4), b.toFixed(4), c.toFixed(4)].join(",");
  }).join("\n");
}

/** Begins a job of the built-in algorithm; `objective` may be one that fails. */
export function train({ sagemaker }: Clients, name: string, objective = "binary:logistic") {
  const channel = (of: string) => ({
    ChannelName: of,
    ContentType: "text/csv",
    DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${ROWS}/${of}/` } },
  });
  return sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      HyperParameters: { num_round: "30", max_depth: "4", eval_metric: "auc", objective },
      InputDataConfig: [channel("train"), channel("validation")],
      OutputDataConfig: { S3OutputPath: `s3://${ROWS}/models` },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      Tags: [{ Key: "team", Value: "churn" }],
    }),
  );
}

async function studio({ sagemaker }: Clients): Promise<string> {
  const domain = (await sagemaker.send(new ListDomainsCommand({}))).Domains?.[0]?.DomainId ?? "";
  await sagemaker.send(new CreateUserProfileCommand({ DomainId: domain, UserProfileName: "dana" }));
  await until(
    () => sagemaker.send(new DescribeUserProfileCommand({ DomainId: domain, UserProfileName: "dana" })),
    (profile) => profile.Status === "InService",
  );
  await sagemaker.send(
    new CreateSpaceCommand({
      DomainId: domain,
      SpaceName: "notebooks",
      OwnershipSettings: { OwnerUserProfileName: "dana" },
      SpaceSharingSettings: { SharingType: "Private" },
      SpaceSettings: { AppType: "JupyterLab" },
    }),
  );
  await sagemaker.send(new CreateImageCommand({ ImageName: "team-tools", DisplayName: "Team tools", RoleArn: ROLE }));
  await until(
    () => sagemaker.send(new DescribeImageCommand({ ImageName: "team-tools" })),
    (image) => image.ImageStatus === "CREATED",
  );
  await sagemaker.send(
    new CreateImageVersionCommand({ ImageName: "team-tools", BaseImage: IMAGE, ClientToken: "1".repeat(36) }),
  );
  await sagemaker.send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: "git-identity",
      StudioLifecycleConfigContent: Buffer.from("git config --global user.name dana").toString("base64"),
      StudioLifecycleConfigAppType: "JupyterServer",
    }),
  );
  return domain;
}

async function served({ sagemaker, runtime }: Clients, artifacts: string): Promise<void> {
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: MODEL,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifacts },
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: "churn-on-m5",
      ProductionVariants: [
        { VariantName: "all", ModelName: MODEL, InstanceType: "ml.m5.large", InitialInstanceCount: 1 },
      ],
    }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName: "churn-on-m5" }));
  await until(
    () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: ENDPOINT })),
    (endpoint) => endpoint.EndpointStatus === "InService",
  );
  for (let asked = 0; asked < 5; asked++) {
    await runtime.send(new InvokeEndpointCommand({ EndpointName: ENDPOINT, ContentType: "text/csv", Body: "0.5,0.1,0.2" }));
  }
}

/** Ends what would go on without the server. */
export async function forget(server: Server | undefined): Promise<void> {
  if (!server) {
    return;
  }
  const { sagemaker } = server.clients(server.administrator());
  const names = async () => ((await sagemaker.send(new ListEndpointsCommand({}))).Endpoints ?? []).map((each) => each.EndpointName);
  for (const EndpointName of await names()) {
    await sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
  }
  await until(names, (left) => !left.length);
}

/** Stores the rows that jobs are trained with. */
export async function data({ s3 }: Clients): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: ROWS }));
  for (const of of ["train", "validation"]) {
    await s3.send(new PutObjectCommand({ Bucket: ROWS, Key: `${of}/rows.csv`, Body: rows(300) }));
  }
}

/** Trains a model, puts it behind an endpoint, and makes something of everything that Studio shows. Returns the domain. */
export async function learn(server: Server): Promise<string> {
  const clients = server.clients(server.administrator());
  await data(clients);
  await train(clients, JOB);
  await train(clients, "churn-xgboost-wrong", "binary:nothing");
  const domain = await studio(clients);
  const job = await until(
    () => clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: JOB })),
    (each) => each.TrainingJobStatus !== "InProgress",
  );
  await served(clients, job.ModelArtifacts?.S3ModelArtifacts ?? "");
  return domain;
}
