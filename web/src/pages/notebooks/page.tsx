import {
  DescribeNotebookInstanceCommand,
  StartNotebookInstanceCommand,
  type DescribeNotebookInstanceOutput,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { LogView } from "../../log-view";
import { Noun } from "../../nouns";
import { OpenNotebook } from "../../opening";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { deletion, halt, NOTEBOOKS, still } from "./rows";

const LOGS = "/aws/sagemaker/NotebookInstances";

export default function NotebookPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const notebook = useQuery({
    queryKey: ["notebook", region, name],
    meta: { live: ["notebook-instance"] },
    queryFn: () => sagemaker.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName: name })),
  });
  const stopping = useQuestion(() => void notebook.refetch());
  const leaving = useQuestion(() => void navigate(NOTEBOOKS));
  if (!notebook.data) {
    return notebook.isError ? <Failed error={notebook.error} retry={() => void notebook.refetch()} /> : <Waiting />;
  }
  const found = notebook.data;
  const status = found.NotebookInstanceStatus;
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        status={status}
        arn={found.NotebookInstanceArn}
        actions={
          <>
            <Button disabled={!still(status)} onClick={() => leaving.ask(deletion(t, [name]))}>
              {t("data.delete")}
            </Button>
            {still(status) ? (
              <Start name={name} started={() => void notebook.refetch()} />
            ) : (
              <Button disabled={status !== "InService"} onClick={() => stopping.ask(halt(t, [name]))}>
                {t("jobs.stopVerb")}
              </Button>
            )}
            <OpenNotebook name={name} primary disabled={status !== "InService"} />
          </>
        }
      />
      {found.FailureReason && <Failed error={{ name: t("state.Failed"), message: found.FailureReason }} />}
      <PageTabs
        tabs={[
          { id: "overview", label: t("object.overview"), content: () => <Overview notebook={found} /> },
          {
            id: "logs",
            label: t("jobs.logs"),
            content: () => <LogView group={LOGS} prefix={`${name}/`} live={!still(status)} />,
          },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={found.NotebookInstanceArn ?? ""} /> },
        ]}
      />
      {stopping.asked}
      {leaving.asked}
    </SpaceBetween>
  );
}

function Start({ name, started }: { name: string; started: () => void }) {
  const { t } = useTranslation();
  const { fail } = useFlash();
  const start = () =>
    sagemaker.send(new StartNotebookInstanceCommand({ NotebookInstanceName: name })).then(started, fail);
  return <Button onClick={() => void start()}>{t("notebooks.start")}</Button>;
}

function Overview({ notebook }: { notebook: DescribeNotebookInstanceOutput }) {
  const { t } = useTranslation();
  return (
    <Facts
      title={t("object.facts")}
      pairs={[
        [t("studio.instance"), notebook.InstanceType],
        [t("studio.volume"), notebook.VolumeSizeInGB && `${notebook.VolumeSizeInGB} GiB`],
        [t("studio.role"), <Noun key="role" arn={notebook.RoleArn} />],
        [t("notebooks.platform"), notebook.PlatformIdentifier],
        [t("notebooks.root"), notebook.RootAccess],
        [t("notebooks.internet"), notebook.DirectInternetAccess],
        [t("notebooks.script"), notebook.NotebookInstanceLifecycleConfigName],
        [t("scripts.repositories"), [notebook.DefaultCodeRepository, ...(notebook.AdditionalCodeRepositories ?? [])].filter(Boolean).join(", ")],
        [t("data.created"), <When key="created" at={notebook.CreationTime} />],
        [t("resource.modified"), <When key="modified" at={notebook.LastModifiedTime} />],
      ]}
    />
  );
}
