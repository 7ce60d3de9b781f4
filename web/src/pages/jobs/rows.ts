import { ListTrainingJobsCommand, StopTrainingJobCommand, type TrainingJobSummary } from "@aws-sdk/client-sagemaker";
import { sagemaker } from "../../clients/sagemaker";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";

export const nameOf = (each: TrainingJobSummary) => each.TrainingJobName ?? "";
/** Whether a job can still be stopped. */
export const stoppable = (status: string | undefined) => status === "InProgress";

/** The question before jobs are stopped. */
export function stopping(t: (key: string, values?: { count: number }) => string, names: string[]) {
  return {
    title: t("jobs.stop", { count: names.length }),
    verb: t("jobs.stopVerb"),
    names,
    says: t("jobs.stopSays"),
    done: t("jobs.stopping", { count: names.length }),
    act: (name: string) => sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name })),
  };
}

/** Every training job of the account in the region, newest first. */
export function useTrainingJobs(status?: "InProgress" | "Failed") {
  const { region } = useSettings();
  return useRows<TrainingJobSummary>(
    ["training-jobs", region, status],
    ["training-job"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListTrainingJobsCommand({ StatusEquals: status, MaxResults: PAGE_ROWS, NextToken: token }),
      );
      return { items: answer.TrainingJobSummaries ?? [], next: answer.NextToken };
    },
    nameOf,
  );
}
