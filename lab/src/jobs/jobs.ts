import type { INotebookContent } from "@jupyterlab/nbformat";
import type { Image } from "../contract";
import { ask } from "../own-api";

const JOBS = "/studio-api/notebook-jobs";
const DEFINITIONS = "/studio-api/notebook-job-definitions";

/** What a job does; an empty text or list stands for what is not asked for. */
export interface Work {
  name: string;
  path: string;
  instanceType: string;
  imageArn: string;
  kernel: string;
  parameters: Record<string, string>;
  environment: Record<string, string>;
  role: string;
  inputS3: string;
  outputS3: string;
  script: string;
  initializationScript: string;
  kmsKeys: { output: string; volume: string };
  vpc: { securityGroupIds: string[]; subnets: string[] };
}

export const STATUSES = ["In progress", "Failed", "Stopped", "Completed"] as const;

export interface Job extends Work {
  id: string;
  status: (typeof STATUSES)[number];
  trainingJobName: string;
  created: string;
  started?: string;
  ended?: string;
  definition?: string;
  failureReason?: string;
}

export interface Definition extends Work {
  id: string;
  status: "Active" | "Paused";
  schedule: string;
  created: string;
  nextRun?: string;
}

const at = (place: string, id: string, what = "") => `${place}/${encodeURIComponent(id)}${what}`;

export const listJobs = () => ask<Job[]>("GET", JOBS);
export const listDefinitions = () => ask<Definition[]>("GET", DEFINITIONS);
/** Runs a notebook now, or by a schedule where there is one. */
export const create = (work: Work, schedule: string) => ask<Job | Definition>("POST", JOBS, { ...work, schedule });
export const edit = (id: string, work: Work, schedule: string) =>
  ask<Definition>("PUT", at(DEFINITIONS, id), { ...work, schedule });
export const stopJob = (id: string) => ask<void>("POST", at(JOBS, id, "/stop"), {});
export const deleteJob = (id: string) => ask<void>("DELETE", at(JOBS, id));
export const runDefinition = (id: string) => ask<Job>("POST", at(DEFINITIONS, id, "/run"), {});
export const pause = (id: string) => ask<Definition>("POST", at(DEFINITIONS, id, "/pause"), {});
export const resume = (id: string) => ask<Definition>("POST", at(DEFINITIONS, id, "/resume"), {});
export const deleteDefinition = (id: string) => ask<void>("DELETE", at(DEFINITIONS, id));
/** Where a job's notebook with outputs, or its log, is loaded from. */
export const download = (id: string, what: "output" | "log") => at(JOBS, id, `/${what}`);

export const INTERVALS = ["minute", "hour", "day", "weekday", "week", "month", "custom"] as const;
export const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

/** When a job runs again, as the form asks it; times are in UTC. */
export interface Timing {
  interval: (typeof INTERVALS)[number];
  /** Such as "08:30". */
  time: string;
  minute: number;
  weekday: (typeof DAYS)[number];
  day: number;
  expression: string;
}

export const TIMING: Timing = { interval: "day", time: "08:00", minute: 0, weekday: "MON", day: 1, expression: "" };

/** The expression that the server takes. */
export function expressionOf({ interval, time, minute, weekday, day, expression }: Timing): string {
  const [hours, minutes] = time.split(":").map(Number);
  switch (interval) {
    case "minute":
      return "cron(* * * * ? *)";
    case "hour":
      return `cron(${minute} * * * ? *)`;
    case "day":
      return `cron(${minutes} ${hours} * * ? *)`;
    case "weekday":
      return `cron(${minutes} ${hours} ? * MON-FRI *)`;
    case "week":
      return `cron(${minutes} ${hours} ? * ${weekday} *)`;
    case "month":
      return `cron(${minutes} ${hours} ${day} * ? *)`;
    case "custom":
      return expression.trim();
  }
}

/** The form's answers that make an expression; one that it cannot ask for is a text. */
export function timingOf(expression: string): Timing {
  const custom: Timing = { ...TIMING, interval: "custom", expression };
  const [minute, hour, day, , weekday] = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(" ") ?? [];
  const clock = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const tries: Timing[] = INTERVALS.map((interval) => ({
    ...custom,
    interval,
    time: /^\d\d:\d\d$/.test(clock) ? clock : TIMING.time,
    minute: Number(minute) || 0,
    weekday: DAYS.find((each) => each === weekday) ?? "MON",
    day: Number(day) || 1,
  }));
  return tries.find((each) => expressionOf(each) === expression) ?? custom;
}

/** The text of the cell that is tagged `parameters`; undefined without one. */
export function parametersIn(notebook: INotebookContent): string | undefined {
  const cell = notebook.cells.find((each) => (each.metadata.tags as string[] | undefined)?.includes("parameters"));
  return cell && (Array.isArray(cell.source) ? cell.source.join("") : cell.source);
}

export type Rows = [name: string, value: string][];

/** Rows of a form as an object; empty rows say nothing. */
export function objectOf(rows: Rows): Record<string, string> {
  return Object.fromEntries(rows.map(([name, value]) => [name.trim(), value] as const).filter(([name]) => name !== ""));
}

/** What a job names an image by: the version that was attached, else the image. */
export function arnOf(image: Image): string {
  return image.imageVersionArn ?? image.imageArn;
}

/** A name for a job that runs a file. */
export function nameFor(path: string): string {
  const stem = (path.split("/").pop() ?? "").replace(/\.ipynb$/, "");
  return stem.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 63).replace(/-+$/, "") || "notebook-job";
}
