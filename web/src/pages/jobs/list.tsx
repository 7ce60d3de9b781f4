import Button from "@cloudscape-design/components/button";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useQuestion } from "../../confirm";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { span } from "../../numbers";
import { plain, Status } from "../../status";
import { ResourceTable } from "../../table";
import { When } from "../../when";
import { nameOf, stoppable, stopping, useTrainingJobs } from "./rows";

const TrainingPage = lazy(() => import("./training"));

const JOBS = "/jobs";
const CODE = `from sagemaker.sklearn import SKLearn
SKLearn("train.py", role=role, instance_type="ml.m5.large",
    framework_version="1.2-1").fit({"train": "s3://bucket/train"})`;

export default function Jobs() {
  const { t } = useTranslation();
  const [name] = useParam("name");
  useTrail([{ text: t("nav.jobs"), href: JOBS }, ...(name ? [{ text: name, href: place(JOBS, { name }) }] : [])]);
  return name ? <TrainingPage key={name} name={name} /> : <JobList />;
}

function JobList() {
  const { t } = useTranslation();
  const rows = useTrainingJobs();
  const { ask, asked } = useQuestion(rows.refresh);
  return (
    <>
      <ResourceTable
        title={t("nav.jobs")}
        description={t("jobs.text")}
        rows={rows}
        trackBy={nameOf}
        label={nameOf}
        columns={[
          {
            id: "name",
            header: t("data.name"),
            value: nameOf,
            cell: (each) => <To href={place(JOBS, { name: nameOf(each) })}>{nameOf(each)}</To>,
            width: 260,
          },
          {
            id: "kind",
            header: t("jobs.kind"),
            choice: true,
            value: () => t("jobs.training"),
            cell: () => t("jobs.training"),
            width: 120,
          },
          {
            id: "status",
            header: t("resource.status"),
            choice: true,
            value: (each) => plain(each.TrainingJobStatus),
            cell: (each) => <Status value={each.TrainingJobStatus} />,
            width: 150,
          },
          {
            id: "phase",
            header: t("jobs.phase"),
            choice: true,
            value: (each) => each.SecondaryStatus,
            cell: (each) => each.SecondaryStatus ?? "–",
            width: 140,
          },
          {
            id: "took",
            header: t("jobs.took"),
            value: (each) => (each.TrainingEndTime ?? new Date()).getTime() - (each.CreationTime?.getTime() ?? 0),
            cell: (each) => (each.CreationTime ? span(each.CreationTime, each.TrainingEndTime) : "–"),
            width: 130,
          },
          {
            id: "created",
            header: t("data.created"),
            value: (each) => each.CreationTime,
            cell: (each) => <When at={each.CreationTime} />,
            width: 370,
          },
        ]}
        actions={(chosen) => (
          <Button
            disabled={!chosen.length || !chosen.every((each) => stoppable(each.TrainingJobStatus))}
            onClick={() => ask(stopping(t, chosen.map(nameOf)))}
          >
            {t("jobs.stopVerb")}
          </Button>
        )}
        empty={<Nothing text={t("jobs.none")} code={CODE} />}
      />
      {asked}
    </>
  );
}
