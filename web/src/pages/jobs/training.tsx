import {
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Sought } from "../../charts";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Failed } from "../../failed";
import { LogView } from "../../log-view";
import { Noun } from "../../nouns";
import { span } from "../../numbers";
import { Facts, PageTabs, ResourceHeader, Timeline, type Phase } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { Configuration, InputsOutputs, Parameters } from "./configuration";
import { stoppable, stopping } from "./rows";

const MetricCharts = lazy(() => import("../../charts"));

const NAMESPACE = "/aws/sagemaker/TrainingJobs";
const BAD = new Set(["Failed", "MaxRuntimeExceeded", "MaxWaitTimeExceeded", "Interrupted"]);

/** The history that the API tells, as phases. */
export function phases(job: DescribeTrainingJobResponse): Phase[] {
  const transitions = job.SecondaryStatusTransitions ?? [];
  return transitions.map((each, at) => {
    const last = at === transitions.length - 1;
    return {
      name: each.Status ?? "",
      message: each.StatusMessage,
      begun: each.StartTime,
      ended: each.EndTime,
      status: BAD.has(each.Status ?? "")
        ? "error"
        : each.Status === "Stopped"
          ? "stopped"
          : last && job.TrainingJobStatus !== "Completed"
            ? "in-progress"
            : "success",
    };
  });
}

export default function TrainingPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const job = useQuery({
    queryKey: ["training-job", region, name],
    meta: { live: ["training-job"] },
    queryFn: () => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })),
  });
  const { ask, asked } = useQuestion(() => void job.refetch());
  const leaving = useQuestion(() => void navigate("/jobs"));
  if (!job.data) {
    return job.isError ? <Failed error={job.error} retry={() => void job.refetch()} /> : <Waiting />;
  }
  const live = stoppable(job.data.TrainingJobStatus) || job.data.TrainingJobStatus === "Stopping";
  const remove = () =>
    leaving.ask({
      title: t("jobs.delete"),
      verb: t("data.delete"),
      names: [name],
      says: t("jobs.deleteSays"),
      done: t("jobs.deleted", { name }),
      act: () => sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: name })),
    });
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        status={job.data.TrainingJobStatus}
        arn={job.data.TrainingJobArn}
        actions={
          <>
            <Button disabled={live} onClick={remove}>
              {t("data.delete")}
            </Button>
            <Button disabled={!stoppable(job.data.TrainingJobStatus)} onClick={() => ask(stopping(t, [name]))}>
              {t("jobs.stopVerb")}
            </Button>
          </>
        }
      />
      {job.data.FailureReason && (
        <Failed error={{ name: t("state.Failed"), message: job.data.FailureReason }} />
      )}
      <PageTabs
        tabs={[
          { id: "overview", label: t("object.overview"), content: () => <Overview job={job.data} /> },
          { id: "metrics", label: t("nav.metrics"), content: () => <Metrics job={job.data} live={live} /> },
          { id: "logs", label: t("jobs.logs"), content: () => <LogView group={NAMESPACE} prefix={`${name}/`} live={live} /> },
          { id: "data", label: t("jobs.data"), content: () => <InputsOutputs job={job.data} /> },
          { id: "configuration", label: t("jobs.configuration"), content: () => <Configuration job={job.data} /> },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={job.data.TrainingJobArn ?? ""} /> },
        ]}
      />
      {asked}
      {leaving.asked}
    </SpaceBetween>
  );
}

function Overview({ job }: { job: DescribeTrainingJobResponse }) {
  const { t } = useTranslation();
  const resources = job.ResourceConfig;
  const image = job.AlgorithmSpecification?.TrainingImage;
  return (
    <SpaceBetween size="l">
      <Timeline phases={phases(job)} />
      <Facts
        title={t("object.facts")}
        pairs={[
          [t("jobs.image"), image],
          [t("jobs.algorithm"), job.AlgorithmSpecification?.AlgorithmName],
          [
            t("studio.instance"),
            resources?.InstanceType && `${resources.InstanceCount ?? 1} × ${resources.InstanceType}`,
          ],
          [t("studio.role"), <Noun key="role" arn={job.RoleArn} />],
          [t("jobs.longest"), job.StoppingCondition?.MaxRuntimeInSeconds && t("access.seconds", { count: job.StoppingCondition.MaxRuntimeInSeconds })],
          [t("jobs.billable"), job.BillableTimeInSeconds !== undefined && t("access.seconds", { count: job.BillableTimeInSeconds })],
          [t("jobs.took"), job.CreationTime && span(job.CreationTime, job.TrainingEndTime)],
          [t("data.created"), <When key="created" at={job.CreationTime} />],
          [t("jobs.ended"), job.TrainingEndTime && <When key="ended" at={job.TrainingEndTime} />],
        ]}
      />
      <Parameters job={job} />
    </SpaceBetween>
  );
}

/** The metrics that the program printed, and how busy its hosts were. */
function Metrics({ job, live }: { job: DescribeTrainingJobResponse; live: boolean }) {
  const { t } = useTranslation();
  const name = job.TrainingJobName ?? "";
  const hosts = Array.from({ length: job.ResourceConfig?.InstanceCount ?? 1 }, (_, at) => `${name}/algo-${at + 1}`);
  const sought: Sought[] = [
    { namespace: NAMESPACE, dimension: "TrainingJobName", value: name },
    ...hosts.map((value) => ({ namespace: NAMESPACE, dimension: "Host", value })),
  ];
  return (
    <MetricCharts
      sought={sought}
      none={t("jobs.noMetrics")}
      shown={() => ({ live, from: job.CreationTime ?? new Date(0), to: job.TrainingEndTime ?? new Date() })}
    />
  );
}
