import type { NotebookInstanceSummary } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useQuestion } from "../confirm";
import { useForm } from "../dialog";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { Nothing } from "../nothing";
import { OpenNotebook } from "../opening";
import { plain, Status } from "../status";
import { ResourceTable, type Column } from "../table";
import { When } from "../when";
import { deletion, halt, nameOf, NOTEBOOKS, still, useNotebooks } from "./notebooks/rows";

const NewNotebook = lazy(() => import("./notebooks/new"));
const NotebookPage = lazy(() => import("./notebooks/page"));

const CODE = `import boto3
boto3.client("sagemaker").create_notebook_instance(
    NotebookInstanceName="mine", InstanceType="ml.t3.medium", RoleArn=role)`;

export default function Notebooks() {
  const { t } = useTranslation();
  const [name] = useParam("name");
  useTrail([
    { text: t("nav.notebooks"), href: NOTEBOOKS },
    ...(name ? [{ text: name, href: place(NOTEBOOKS, { name }) }] : []),
  ]);
  return name ? <NotebookPage key={name} name={name} /> : <NotebookList />;
}

function columns(t: (key: string) => string): Column<NotebookInstanceSummary>[] {
  return [
    {
      id: "name",
      header: t("data.name"),
      value: nameOf,
      cell: (each) => <To href={place(NOTEBOOKS, { name: nameOf(each) })}>{nameOf(each)}</To>,
      width: 240,
    },
    {
      id: "status",
      header: t("resource.status"),
      choice: true,
      value: (each) => plain(each.NotebookInstanceStatus),
      cell: (each) => <Status value={each.NotebookInstanceStatus} />,
      width: 150,
    },
    {
      id: "instance",
      header: t("studio.instance"),
      choice: true,
      value: (each) => each.InstanceType,
      cell: (each) => each.InstanceType ?? "–",
      width: 175,
    },
    {
      id: "created",
      header: t("data.created"),
      value: (each) => each.CreationTime,
      cell: (each) => <When at={each.CreationTime} />,
      width: 370,
    },
    {
      id: "open",
      header: "JupyterLab",
      cell: (each) => <OpenNotebook name={nameOf(each)} inline disabled={each.NotebookInstanceStatus !== "InService"} />,
      width: 180,
    },
  ];
}

function NotebookList() {
  const { t } = useTranslation();
  const rows = useNotebooks();
  const [creating, open, close] = useForm(rows.refresh);
  const { ask, asked } = useQuestion(rows.refresh);
  const create = (
    <Button variant="primary" onClick={open}>
      {t("notebooks.create")}
    </Button>
  );
  return (
    <>
      <ResourceTable
        title={t("nav.notebooks")}
        description={t("notebooks.text")}
        rows={rows}
        trackBy={nameOf}
        label={nameOf}
        columns={columns(t)}
        actions={(chosen) => (
          <>
            <Button
              disabled={!chosen.length || chosen.some((each) => each.NotebookInstanceStatus !== "InService")}
              onClick={() => ask(halt(t, chosen.map(nameOf)))}
            >
              {t("jobs.stopVerb")}
            </Button>
            <Button
              disabled={!chosen.length || !chosen.every((each) => still(each.NotebookInstanceStatus))}
              onClick={() => ask(deletion(t, chosen.map(nameOf)))}
            >
              {t("data.delete")}
            </Button>
            {create}
          </>
        )}
        empty={<Nothing text={t("notebooks.none")} action={create} code={CODE} />}
      />
      {creating && <NewNotebook close={close} />}
      {asked}
    </>
  );
}
