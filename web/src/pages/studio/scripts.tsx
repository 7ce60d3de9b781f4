import {
  DeleteStudioLifecycleConfigCommand,
  ListCodeRepositoriesCommand,
  ListStudioLifecycleConfigsCommand,
  type CodeRepositorySummary,
  type DescribeDomainResponse,
  type StudioLifecycleConfigDetails,
} from "@aws-sdk/client-sagemaker";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { useForm } from "../../dialog";
import { Nothing } from "../../nothing";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { ResourceTable } from "../../table";
import { When } from "../../when";
import { IMAGE_APPS } from "./image-settings";

const NewScript = lazy(() => import("./script-new"));

/** The ARNs of the scripts that the apps of a domain may start with. */
function offered(domain: DescribeDomainResponse): string[] {
  const settings = domain.DefaultUserSettings ?? {};
  return [...IMAGE_APPS, "JupyterServerAppSettings" as const].flatMap((app) => settings[app]?.LifecycleConfigArns ?? []);
}

/** The start-up scripts of the account, and which of them this domain offers. */
export function Scripts({ domain }: { domain: DescribeDomainResponse }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<StudioLifecycleConfigDetails>(
    ["lifecycle-configs", region],
    ["studio-lifecycle-config"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListStudioLifecycleConfigsCommand({ MaxResults: PAGE_ROWS, NextToken: token }),
      );
      return { items: answer.StudioLifecycleConfigs ?? [], next: answer.NextToken };
    },
    (each) => each.StudioLifecycleConfigName ?? "",
  );
  const [creating, open, close] = useForm(rows.refresh);
  const { ask, asked } = useQuestion(rows.refresh);
  const attached = offered(domain);
  const remove = (chosen: StudioLifecycleConfigDetails[]) =>
    ask({
      title: t("scripts.delete", { count: chosen.length }),
      verb: t("data.delete"),
      names: chosen.map((each) => each.StudioLifecycleConfigName ?? ""),
      says: t("scripts.deleteSays"),
      done: t("scripts.deleted", { count: chosen.length }),
      act: (name) => sagemaker.send(new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name })),
    });
  const create = <Button onClick={open}>{t("scripts.create")}</Button>;
  return (
    <>
      <ResourceTable
        id="scripts"
        title={t("scripts.title")}
        level="h2"
        rows={rows}
        trackBy={(each) => each.StudioLifecycleConfigName ?? ""}
        label={(each) => each.StudioLifecycleConfigName ?? ""}
        columns={[
          { id: "name", header: t("data.name"), value: (each) => each.StudioLifecycleConfigName, cell: (each) => each.StudioLifecycleConfigName, width: 260 },
          { id: "app", header: t("studio.appType"), choice: true, value: (each) => each.StudioLifecycleConfigAppType, cell: (each) => each.StudioLifecycleConfigAppType, width: 180 },
          {
            id: "offered",
            header: t("scripts.offered"),
            cell: (each) =>
              attached.includes(each.StudioLifecycleConfigArn ?? "") ? <Badge color="green">{t("scripts.yes")}</Badge> : "–",
            width: 160,
          },
          { id: "created", header: t("data.created"), value: (each) => each.CreationTime, cell: (each) => <When at={each.CreationTime} />, width: 370 },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => remove(chosen)}>
              {t("data.delete")}
            </Button>
            {create}
          </>
        )}
        empty={<Nothing text={t("scripts.none")} action={create} />}
      />
      {creating && (
        <Suspense>
          <NewScript
            domain={domain}
            close={close}
          />
        </Suspense>
      )}
      {asked}
    </>
  );
}

/** The repositories of the account, and which of them this domain offers. */
export function Repositories({ domain }: { domain: DescribeDomainResponse }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const attached = (domain.DefaultUserSettings?.JupyterServerAppSettings?.CodeRepositories ?? []).map(
    (each) => each.RepositoryUrl,
  );
  const rows = useRows<CodeRepositorySummary>(
    ["code-repositories", region],
    ["code-repository"],
    async (token) => {
      const answer = await sagemaker.send(new ListCodeRepositoriesCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.CodeRepositorySummaryList ?? [], next: answer.NextToken };
    },
    (each) => each.CodeRepositoryName ?? "",
  );
  return (
    <ResourceTable
      id="repositories"
      title={t("scripts.repositories")}
      level="h2"
      rows={rows}
      trackBy={(each) => each.CodeRepositoryName ?? ""}
      label={(each) => each.CodeRepositoryName ?? ""}
      columns={[
        { id: "name", header: t("data.name"), value: (each) => each.CodeRepositoryName, cell: (each) => each.CodeRepositoryName, width: 240 },
        { id: "url", header: t("studio.url"), value: (each) => each.GitConfig?.RepositoryUrl, cell: (each) => each.GitConfig?.RepositoryUrl, width: 420 },
        { id: "branch", header: t("scripts.branch"), value: (each) => each.GitConfig?.Branch, cell: (each) => each.GitConfig?.Branch ?? "–", width: 140 },
        {
          id: "offered",
          header: t("scripts.offered"),
          cell: (each) =>
            attached.includes(each.GitConfig?.RepositoryUrl) ? <Badge color="green">{t("scripts.yes")}</Badge> : "–",
          width: 160,
        },
      ]}
      empty={
        <Nothing
          text={t("scripts.noRepositories")}
          code={`import boto3
boto3.client("sagemaker").create_code_repository(CodeRepositoryName="examples",
    GitConfig={"RepositoryUrl": "https://git.example.org/examples.git"})`}
        />
      }
    />
  );
}
