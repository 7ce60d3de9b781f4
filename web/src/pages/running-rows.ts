import type { AppDetails } from "@aws-sdk/client-sagemaker";
import { useMemo } from "react";
import { place } from "../links";
import type { Rows } from "../rows";
import { useEndpoints } from "./hosting/endpoint-rows";
import { useTrainingJobs } from "./jobs/rows";
import { NOTEBOOKS, useNotebooks } from "./notebooks/rows";
import { appOf, useApps } from "./studio/apps";

/** Something that takes room on the machine now. */
export interface Running {
  kind: "app" | "endpoint" | "job" | "notebook";
  /** What it is stopped by. */
  name: string;
  title: string;
  href: string;
  status: string;
  instance?: string;
  since?: Date;
}

const ALIVE = new Set(["Pending", "InService", "Creating", "Updating", "InProgress", "Stopping", "Deleting"]);

function ofApp(each: AppDetails): Running {
  const home = each.SpaceName
    ? place("/studio/spaces", { domain: each.DomainId, space: each.SpaceName })
    : place("/studio/users", { domain: each.DomainId, user: each.UserProfileName });
  return {
    kind: "app",
    name: appOf(each),
    title: `${each.SpaceName ?? each.UserProfileName} / ${each.AppType} / ${each.AppName}`,
    href: home,
    status: each.Status ?? "",
    instance: each.ResourceSpec?.InstanceType,
    since: each.CreationTime,
  };
}

/** Every app, endpoint and job that runs now, of all that the caller may list. */
export function useRunning(): Rows<Running> {
  const apps = useApps();
  const endpoints = useEndpoints();
  const jobs = useTrainingJobs("InProgress");
  const notebooks = useNotebooks();
  const parts: Rows<unknown>[] = [apps, endpoints, jobs, notebooks];
  const items = useMemo(
    () =>
      [
        ...apps.items.map(ofApp),
        ...endpoints.items.map((each): Running => ({
          kind: "endpoint",
          name: each.EndpointName ?? "",
          title: each.EndpointName ?? "",
          href: place("/endpoints", { name: each.EndpointName }),
          status: each.EndpointStatus ?? "",
          since: each.CreationTime,
        })),
        ...jobs.items.map((each): Running => ({
          kind: "job",
          name: each.TrainingJobName ?? "",
          title: each.TrainingJobName ?? "",
          href: place("/jobs", { name: each.TrainingJobName }),
          status: each.TrainingJobStatus ?? "",
          since: each.CreationTime,
        })),
        ...notebooks.items.map((each): Running => ({
          kind: "notebook",
          name: each.NotebookInstanceName ?? "",
          title: each.NotebookInstanceName ?? "",
          href: place(NOTEBOOKS, { name: each.NotebookInstanceName }),
          status: each.NotebookInstanceStatus ?? "",
          instance: each.InstanceType,
          since: each.CreationTime,
        })),
      ].filter((each) => ALIVE.has(each.status)),
    [apps.items, endpoints.items, jobs.items, notebooks.items],
  );
  return {
    items,
    loading: parts.some((each) => each.loading),
    error: parts.find((each) => each.error)?.error,
    counter: parts.some((each) => each.loading) ? "" : `(${items.length})`,
    gone: parts.reduce((sum, each) => sum + each.gone, 0),
    fresh: parts.reduce((sum, each) => sum + each.fresh, 0),
    hold: (on) => parts.forEach((each) => each.hold(on)),
    show: () => parts.forEach((each) => each.show()),
    refresh: () => parts.forEach((each) => each.refresh()),
  };
}
