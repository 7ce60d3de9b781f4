import {
  CreateCodeRepositoryCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateImageCommand,
  CreateModelCommand,
  CreateNotebookInstanceCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
} from "@aws-sdk/client-sagemaker";
import { data, ENDPOINT, JOB, MODEL, ROLE, train, until } from "../tests/learning";
import type { Walk } from "./walk";

const XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1";

/** One of each kind that the panel lists, in its order. */
export const registered = {
  models: MODEL,
  endpoints: ENDPOINT,
  endpointConfigs: "churn-on-m5",
  trainingJobs: JOB,
  images: "team-tools",
  repositories: "examples",
  notebookInstances: "desk",
};

/** Makes them; a second walk finds them. */
export async function register(clients: Walk["clients"]): Promise<void> {
  const { sagemaker } = clients;
  const { TrainingJobSummaries } = await sagemaker.send(new ListTrainingJobsCommand({ NameContains: JOB }));
  if (TrainingJobSummaries?.length) {
    return;
  }
  await data(clients);
  await train(clients, JOB);
  const container = { Image: XGBOOST };
  await sagemaker.send(new CreateModelCommand({ ModelName: MODEL, ExecutionRoleArn: ROLE, PrimaryContainer: container }));
  const EndpointConfigName = registered.endpointConfigs;
  const variant = { VariantName: "all", ModelName: MODEL, InstanceType: "ml.m5.large" as const, InitialInstanceCount: 1 };
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants: [variant] }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName }));
  await sagemaker.send(new CreateImageCommand({ ImageName: registered.images, RoleArn: ROLE }));
  const GitConfig = { RepositoryUrl: "https://example.com/examples.git" };
  await sagemaker.send(new CreateCodeRepositoryCommand({ CodeRepositoryName: registered.repositories, GitConfig }));
  const notebook = { NotebookInstanceName: registered.notebookInstances, InstanceType: "ml.t3.medium" as const, RoleArn: ROLE };
  await sagemaker.send(new CreateNotebookInstanceCommand(notebook));
  const ended = await until(
    () => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: JOB })),
    (job) => job.TrainingJobStatus !== "InProgress",
  );
  if (ended.TrainingJobStatus !== "Completed") {
    throw new Error(`the job ended as ${ended.TrainingJobStatus}: ${ended.FailureReason}`);
  }
}
