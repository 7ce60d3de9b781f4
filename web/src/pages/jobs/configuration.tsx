import type { DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useTranslation } from "react-i18next";
import { AsCode } from "../../form";
import { Stored } from "../../nouns";
import { moment } from "../../numbers";
import { Facts } from "../../resource";

/** The members that CreateTrainingJob takes, among those that DescribeTrainingJob tells. */
const ACCEPTED = [
  "TrainingJobName",
  "HyperParameters",
  "AlgorithmSpecification",
  "RoleArn",
  "InputDataConfig",
  "OutputDataConfig",
  "ResourceConfig",
  "VpcConfig",
  "StoppingCondition",
  "EnableNetworkIsolation",
  "EnableInterContainerTrafficEncryption",
  "EnableManagedSpotTraining",
  "CheckpointConfig",
  "DebugHookConfig",
  "DebugRuleConfigurations",
  "TensorBoardOutputConfig",
  "ExperimentConfig",
  "ProfilerConfig",
  "ProfilerRuleConfigurations",
  "Environment",
  "RetryStrategy",
] as const;

/** The request that made a job, as far as the API tells it. */
export function request(job: DescribeTrainingJobResponse): Record<string, unknown> {
  return Object.fromEntries(ACCEPTED.filter((name) => job[name] !== undefined).map((name) => [name, job[name]]));
}

export function Configuration({ job }: { job: DescribeTrainingJobResponse }) {
  const { t } = useTranslation();
  return (
    <Container header={<Header variant="h2" description={t("jobs.configurationText")}>{t("jobs.configuration")}</Header>}>
      <AsCode operation="CreateTrainingJob" input={request(job)} />
    </Container>
  );
}

function Pairs({ title, pairs }: { title: string; pairs: [string, string][] }) {
  const { t } = useTranslation();
  return pairs.length ? (
    <Table
      header={<Header variant="h2" counter={`(${pairs.length})`}>{title}</Header>}
      items={pairs}
      trackBy={([name]) => name}
      ariaLabels={{ tableLabel: title }}
      columnDefinitions={[
        { id: "name", header: t("data.name"), cell: ([name]) => name, isRowHeader: true, width: 320 },
        { id: "value", header: t("jobs.value"), cell: ([, value]) => value },
      ]}
    />
  ) : null;
}

/** What was asked of the program, and what it measured last. */
export function Parameters({ job }: { job: DescribeTrainingJobResponse }) {
  const { t } = useTranslation();
  const measured = job.FinalMetricDataList ?? [];
  return (
    <SpaceBetween size="l">
      {measured.length > 0 && (
        <Table
          header={<Header variant="h2" counter={`(${measured.length})`}>{t("jobs.final")}</Header>}
          items={measured}
          trackBy="MetricName"
          ariaLabels={{ tableLabel: t("jobs.final") }}
          columnDefinitions={[
            { id: "name", header: t("data.name"), cell: (each) => each.MetricName, isRowHeader: true, width: 320 },
            // the digits that were measured, and no more
            { id: "value", header: t("jobs.value"), cell: (each) => String(each.Value ?? "–") },
            { id: "at", header: t("logs.at"), cell: (each) => moment(each.Timestamp) },
          ]}
        />
      )}
      <Pairs title={t("jobs.parameters")} pairs={Object.entries(job.HyperParameters ?? {})} />
      <Pairs title={t("jobs.environment")} pairs={Object.entries(job.Environment ?? {})} />
    </SpaceBetween>
  );
}

/** What a job read, and what it left: each a link into the buckets. */
export function InputsOutputs({ job }: { job: DescribeTrainingJobResponse }) {
  const { t } = useTranslation();
  const channels = job.InputDataConfig ?? [];
  return (
    <SpaceBetween size="l">
      <Table
        header={<Header variant="h2" counter={`(${channels.length})`}>{t("jobs.channels")}</Header>}
        items={channels}
        trackBy="ChannelName"
        ariaLabels={{ tableLabel: t("jobs.channels") }}
        empty={t("jobs.noChannels")}
        columnDefinitions={[
          { id: "name", header: t("data.name"), cell: (each) => each.ChannelName, isRowHeader: true, width: 180 },
          { id: "uri", header: t("jobs.source"), cell: (each) => <Stored uri={each.DataSource?.S3DataSource?.S3Uri} />, width: 560 },
          { id: "type", header: t("jobs.contentType"), cell: (each) => each.ContentType ?? "–" },
          { id: "mode", header: t("jobs.mode"), cell: (each) => each.InputMode ?? job.AlgorithmSpecification?.TrainingInputMode },
        ]}
      />
      <Facts
        title={t("jobs.outputs")}
        pairs={[
          [t("jobs.artifacts"), job.ModelArtifacts?.S3ModelArtifacts && <Stored key="model" uri={job.ModelArtifacts.S3ModelArtifacts} />],
          [t("jobs.outputPath"), job.OutputDataConfig?.S3OutputPath && <Stored key="path" uri={job.OutputDataConfig.S3OutputPath} />],
          [t("jobs.checkpoints"), job.CheckpointConfig?.S3Uri && <Stored key="checkpoints" uri={job.CheckpointConfig.S3Uri} />],
        ]}
      />
    </SpaceBetween>
  );
}
