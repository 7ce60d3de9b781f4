import { DescribeAppCommand, type AppDetails } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Popover from "@cloudscape-design/components/popover";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { place, To } from "../../links";
import { Nothing } from "../../nothing";
import { Noun } from "../../nouns";
import { plain, Status } from "../../status";
import { ResourceTable, type Column } from "../../table";
import { When } from "../../when";
import { appOf, deleteApp, useApps } from "./apps";

const LOGS = "/aws/sagemaker/studio";

/** Why an app failed, asked for only where it did. */
function AppStatus({ app }: { app: AppDetails }) {
  const { t } = useTranslation();
  const failed = app.Status === "Failed";
  const described = useQuery({
    queryKey: ["app", appOf(app)],
    meta: { live: ["app"] },
    enabled: failed,
    queryFn: () =>
      sagemaker.send(
        new DescribeAppCommand({
          DomainId: app.DomainId,
          AppType: app.AppType,
          AppName: app.AppName,
          UserProfileName: app.UserProfileName,
          SpaceName: app.SpaceName,
        }),
      ),
  });
  return failed && described.data?.FailureReason ? (
    <Popover header={t("state.Failed")} content={described.data.FailureReason} triggerType="text" size="large">
      <Status value={app.Status} />
    </Popover>
  ) : (
    <Status value={app.Status} />
  );
}

function columns(t: (key: string) => string): Column<AppDetails>[] {
  return [
    { id: "name", header: t("data.name"), value: (each) => each.AppName, cell: (each) => each.AppName, width: 200 },
    {
      id: "type",
      header: t("studio.appType"),
      choice: true,
      value: (each) => each.AppType,
      cell: (each) => each.AppType,
      width: 160,
    },
    {
      id: "status",
      header: t("resource.status"),
      choice: true,
      value: (each) => plain(each.Status),
      cell: (each) => <AppStatus app={each} />,
      width: 150,
    },
    {
      id: "instance",
      header: t("studio.instance"),
      choice: true,
      value: (each) => each.ResourceSpec?.InstanceType,
      cell: (each) => each.ResourceSpec?.InstanceType ?? "–",
      width: 175,
    },
    {
      id: "image",
      header: t("studio.image"),
      value: (each) => each.ResourceSpec?.SageMakerImageArn,
      cell: (each) => <Noun arn={each.ResourceSpec?.SageMakerImageArn} />,
      width: 200,
    },
    {
      id: "logs",
      header: t("logs.stream"),
      cell: (each) => {
        const stream = `${each.DomainId}/${each.UserProfileName ?? each.SpaceName}/${each.AppType}/${each.AppName}`;
        return <To href={place("/monitoring/logs", { group: LOGS, stream })}>{t("jobs.logs")}</To>;
      },
      width: 100,
    },
    {
      id: "created",
      header: t("data.created"),
      value: (each) => each.CreationTime,
      cell: (each) => <When at={each.CreationTime} />,
      width: 370,
    },
  ];
}

const over = (each: AppDetails) => each.Status === "Deleted" || each.Status === "Deleting";

/** The apps of a user or space, as they are now, each with a way to end it. */
export function AppTable({ domain, user, space }: { domain: string; user?: string; space?: string }) {
  const { t } = useTranslation();
  const rows = useApps({ domain, user, space });
  const { ask, asked } = useQuestion(rows.refresh);
  const remove = (chosen: AppDetails[]) =>
    ask({
      title: t("studio.deleteApps", { count: chosen.length }),
      verb: t("data.delete"),
      names: chosen.map(appOf),
      says: t("studio.deleteAppsSays"),
      done: t("studio.deletingApps", { count: chosen.length }),
      act: deleteApp,
    });
  return (
    <>
      <ResourceTable
        title={t("studio.apps")}
        level="h2"
        rows={rows}
        trackBy={appOf}
        label={(each) => each.AppName ?? ""}
        columns={columns(t)}
        actions={(chosen) => (
          <Button
            disabled={!chosen.length || chosen.some(over)}
            onClick={() => remove(chosen)}
          >
            {t("data.delete")}
          </Button>
        )}
        empty={<Nothing text={t(space ? "studio.noSpaceApps" : "studio.noApps")} />}
      />
      {asked}
    </>
  );
}
