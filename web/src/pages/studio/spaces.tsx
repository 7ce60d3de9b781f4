import {
  CreateAppCommand,
  DescribeSpaceCommand,
  type AppDetails,
  type DescribeSpaceResponse,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Document } from "../../document";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { OpenStudio } from "../../opening";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { AppTable } from "./app-table";
import { appOf, deleteApp, useApps } from "./apps";
import { deleteSpace, SpaceTable } from "./space-table";

const SPACES = "/studio/spaces";

export default function Spaces() {
  const { t } = useTranslation();
  const [domain] = useParam("domain");
  const [space] = useParam("space");
  useTrail([
    { text: t("studio.spaces"), href: SPACES },
    ...(space ? [{ text: space, href: place(SPACES, { domain, space }) }] : []),
  ]);
  return space && domain ? <SpacePage key={`${domain}/${space}`} domain={domain} name={space} /> : <SpaceTable />;
}

/** The app of a space that runs, or comes or goes. */
const live = (each: AppDetails) => ["Pending", "InService", "Deleting"].includes(each.Status ?? "");

/** Runs and stops the app of a space; a volume stays while nothing runs on it. */
function RunStop({ space }: { space: DescribeSpaceResponse }) {
  const { t } = useTranslation();
  const { fail } = useFlash();
  const [busy, setBusy] = useState(false);
  const apps = useApps({ domain: space.DomainId, space: space.SpaceName });
  const app = apps.items.find(live);
  const type = space.SpaceSettings?.AppType;
  const owner = space.OwnershipSettings?.OwnerUserProfileName ?? "";
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      apps.refresh();
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  const run = () =>
    sagemaker.send(
      new CreateAppCommand({ DomainId: space.DomainId, SpaceName: space.SpaceName, AppType: type, AppName: "default" }),
    );
  if (!type) {
    return null;
  }
  return (
    <>
      {app ? (
        <Button
          loading={busy || app.Status === "Deleting"}
          onClick={() => void act(() => deleteApp(appOf(app)))}
        >
          {t("studio.stopSpace")}
        </Button>
      ) : (
        <Button loading={busy} disabled={space.Status !== "InService"} onClick={() => void act(run)}>
          {t("studio.runSpace")}
        </Button>
      )}
      <OpenStudio
        domain={space.DomainId ?? ""}
        user={owner}
        space={space.SpaceName}
        primary
        disabled={app?.Status !== "InService"}
      />
    </>
  );
}

function SpacePage({ domain, name }: { domain: string; name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const space = useQuery({
    queryKey: ["space", region, domain, name],
    meta: { live: ["space"] },
    queryFn: () => sagemaker.send(new DescribeSpaceCommand({ DomainId: domain, SpaceName: name })),
  });
  const { ask, asked } = useQuestion(() => void navigate(SPACES));
  if (!space.data) {
    return space.isError ? <Failed error={space.error} retry={() => void space.refetch()} /> : <Waiting />;
  }
  const remove = () =>
    ask({
      title: t("studio.deleteSpaces", { count: 1 }),
      verb: t("data.delete"),
      names: [`${domain}/${name}`],
      says: t("studio.deleteSpacesSays"),
      lost: t("studio.deleteSpacesLost"),
      typed: name,
      done: t("studio.deletingSpaces", { count: 1 }),
      act: deleteSpace,
    });
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={space.data.SpaceDisplayName || name}
        status={space.data.Status}
        arn={space.data.SpaceArn}
        actions={
          <>
            <Button onClick={remove}>{t("data.delete")}</Button>
            <RunStop space={space.data} />
          </>
        }
      />
      {space.data.FailureReason && <Failed error={{ name: t("state.Failed"), message: space.data.FailureReason }} />}
      <SpaceFacts space={space.data} />
      <PageTabs
        tabs={[
          { id: "apps", label: t("studio.apps"), content: () => <AppTable domain={domain} space={name} /> },
          {
            id: "settings",
            label: t("studio.settings"),
            content: () => (
              <Container header={<Header variant="h2">{t("studio.ownSettings")}</Header>}>
                <Document text={JSON.stringify(space.data.SpaceSettings ?? {})} json />
              </Container>
            ),
          },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={space.data.SpaceArn ?? ""} /> },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}

function SpaceFacts({ space }: { space: DescribeSpaceResponse }) {
  const { t } = useTranslation();
  const domain = space.DomainId ?? "";
  const owner = space.OwnershipSettings?.OwnerUserProfileName;
  const volume = space.SpaceSettings?.SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb;
  return (
    <Facts
      title={t("object.facts")}
      pairs={[
        [t("studio.domain"), <To key="domain" href={place("/studio/domains", { domain })}>{domain}</To>],
        [t("studio.owner"), owner && <To key="owner" href={place("/studio/users", { domain, user: owner })}>{owner}</To>],
        [t("studio.appType"), space.SpaceSettings?.AppType],
        [t("studio.sharing"), space.SpaceSharingSettings?.SharingType],
        [t("studio.volume"), volume && `${volume} GiB`],
        [t("data.created"), <When key="created" at={space.CreationTime} />],
        [t("resource.modified"), <When key="modified" at={space.LastModifiedTime} />],
      ]}
    />
  );
}
