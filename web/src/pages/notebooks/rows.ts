import {
  DeleteNotebookInstanceCommand,
  ListNotebookInstancesCommand,
  StopNotebookInstanceCommand,
  type NotebookInstanceSummary,
} from "@aws-sdk/client-sagemaker";
import { sagemaker } from "../../clients/sagemaker";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";

export const NOTEBOOKS = "/studio/notebooks";

type Words = (key: string, values?: { count: number }) => string;

export const nameOf = (each: NotebookInstanceSummary) => each.NotebookInstanceName ?? "";

/** Whether nothing of it runs, so that it can be changed and deleted. */
export const still = (status: string | undefined) => status === "Stopped" || status === "Failed";

/** The question before notebook instances are stopped. */
export function halt(t: Words, names: string[]) {
  return {
    title: t("notebooks.stop", { count: names.length }),
    verb: t("jobs.stopVerb"),
    names,
    says: t("notebooks.stopSays"),
    done: t("notebooks.stopping", { count: names.length }),
    act: (name: string) => sagemaker.send(new StopNotebookInstanceCommand({ NotebookInstanceName: name })),
  };
}

/** The question before notebook instances are deleted. */
export function deletion(t: Words, names: string[]) {
  return {
    title: t("notebooks.delete", { count: names.length }),
    verb: t("data.delete"),
    names,
    says: t("notebooks.deleteSays"),
    lost: t("notebooks.deleteLost"),
    typed: names.length === 1 ? names[0] : undefined,
    done: t("notebooks.deleting", { count: names.length }),
    act: (name: string) => sagemaker.send(new DeleteNotebookInstanceCommand({ NotebookInstanceName: name })),
  };
}

/** Every notebook instance of the account in the region. */
export function useNotebooks() {
  const { region } = useSettings();
  return useRows<NotebookInstanceSummary>(
    ["notebooks", region],
    ["notebook-instance"],
    async (token) => {
      const answer = await sagemaker.send(new ListNotebookInstancesCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.NotebookInstances ?? [], next: answer.NextToken };
    },
    nameOf,
  );
}
