import type { Aws } from "../aws";

/** How one kind of resource is listed and described: names of AWS's operations and members. */
export interface Kind {
  id: string;
  list: string;
  items: string;
  name: string;
  describe: string;
  /** What Describe is asked with, where that is not the name's member. */
  asked?: string;
  status?: string;
  created: string;
  /** AWS's name of the tool that it belongs to; whoever hides that hides the kind. */
  tool?: string;
}

/** Kinds that the server has operations for, in the order of the list. */
export const KINDS: Kind[] = [
  { id: "models", list: "ListModels", items: "Models", name: "ModelName", describe: "DescribeModel", created: "CreationTime",
    tool: "Models" },
  { id: "endpoints", list: "ListEndpoints", items: "Endpoints", name: "EndpointName", describe: "DescribeEndpoint",
    status: "EndpointStatus", created: "CreationTime", tool: "Endpoints" },
  { id: "endpointConfigs", list: "ListEndpointConfigs", items: "EndpointConfigs", name: "EndpointConfigName",
    describe: "DescribeEndpointConfig", created: "CreationTime", tool: "Endpoints" },
  { id: "trainingJobs", list: "ListTrainingJobs", items: "TrainingJobSummaries", name: "TrainingJobName",
    describe: "DescribeTrainingJob", status: "TrainingJobStatus", created: "CreationTime", tool: "Training" },
  { id: "images", list: "ListImages", items: "Images", name: "ImageName", describe: "DescribeImage", status: "ImageStatus",
    created: "CreationTime" },
  { id: "repositories", list: "ListCodeRepositories", items: "CodeRepositorySummaryList", name: "CodeRepositoryName",
    describe: "DescribeCodeRepository", created: "CreationTime" },
  { id: "notebookInstances", list: "ListNotebookInstances", items: "NotebookInstances", name: "NotebookInstanceName",
    describe: "DescribeNotebookInstance", status: "NotebookInstanceStatus", created: "CreationTime" },
];

/** The kinds that settings leave in the menus. */
export function shownKinds(hiddenTools: string[]): Kind[] {
  return KINDS.filter((kind) => !kind.tool || !hiddenTools.includes(kind.tool));
}

export interface Resource {
  name: string;
  status?: string;
  created?: Date;
}

export interface Found {
  resources: Resource[];
  next?: string;
}

type Answer = Record<string, unknown>;

/** Resources of SageMaker, as the execution role sees them. */
export class Registry {
  constructor(private readonly aws: Promise<Aws | undefined>) {}

  private async call(operation: string, input: Answer): Promise<Answer> {
    const clients = await this.aws;
    if (!clients) {
      throw new Error("There is no Studio here.");
    }
    const { sdk, client } = await clients.sagemaker();
    const Command = (sdk as unknown as Record<string, new (input: Answer) => never>)[`${operation}Command`];
    if (!Command) {
      throw new Error(`The client has no operation ${operation}.`);
    }
    return (await client.send(new Command(input))) as unknown as Answer;
  }

  /** A page of a kind, newest first; `find` is part of the names. */
  async list(kind: Kind, find: string, token?: string): Promise<Found> {
    const answer = await this.call(kind.list, {
      MaxResults: 50,
      SortBy: kind.created === "CreationTime" && kind.id === "images" ? "CREATION_TIME" : "CreationTime",
      SortOrder: kind.id === "images" ? "DESCENDING" : "Descending",
      ...(find ? { NameContains: find } : {}),
      ...(token ? { NextToken: token } : {}),
    });
    const resources = ((answer[kind.items] as Answer[] | undefined) ?? []).map((each): Resource => {
      const created = each[kind.created];
      const status = kind.status === undefined ? undefined : each[kind.status];
      return {
        name: String(each[kind.name]),
        ...(typeof status === "string" ? { status } : {}),
        ...(created instanceof Date ? { created } : {}),
      };
    });
    return { resources, ...(typeof answer.NextToken === "string" ? { next: answer.NextToken } : {}) };
  }

  async describe(kind: Kind, name: string): Promise<Answer> {
    const { $metadata, ...answer } = await this.call(kind.describe, { [kind.asked ?? kind.name]: name });
    return answer;
  }

  /** What a training job measured, by the names of its metrics; none where nothing was. */
  async metrics(job: string): Promise<Series[]> {
    const clients = await this.aws;
    if (!clients) {
      return [];
    }
    const { sdk, client } = await clients.cloudwatch();
    const Namespace = "/aws/sagemaker/TrainingJobs";
    const listed = await client.send(
      new sdk.ListMetricsCommand({ Namespace, Dimensions: [{ Name: "TrainingJobName", Value: job }] }),
    );
    const metrics = (listed.Metrics ?? []).slice(0, 100);
    if (metrics.length === 0) {
      return [];
    }
    const answer = await client.send(
      new sdk.GetMetricDataCommand({
        StartTime: new Date(Date.now() - 14 * 86_400_000),
        EndTime: new Date(Date.now() + 60_000),
        ScanBy: "TimestampAscending",
        MetricDataQueries: metrics.map((Metric, at) => ({ Id: `m${at}`, MetricStat: { Metric, Period: 1, Stat: "Average" } })),
      }),
    );
    return (answer.MetricDataResults ?? [])
      .map((each) => ({
        name: metrics[Number(each.Id?.slice(1))]?.MetricName ?? "",
        points: (each.Timestamps ?? []).map((time, at) => ({ time: time.getTime(), value: each.Values?.[at] ?? Number.NaN })),
      }))
      .filter((each) => each.points.length > 0);
  }
}

/** What was measured under one name, in the order of time. */
export interface Series {
  name: string;
  points: { time: number; value: number }[];
}
