import { DeleteSpaceCommand, ListSpacesCommand, type SpaceDetails } from "@aws-sdk/client-sagemaker";
import type { TFunction } from "i18next";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { createdColumn, EditableTable, stateColumn } from "../../editable-table";
import { place, To } from "../../links";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import type { Column } from "../../table";

const NewSpace = lazy(() => import("./space-new"));

const CODE = `import boto3
boto3.client("sagemaker").create_space(DomainId=domain, SpaceName="notebooks",
    OwnershipSettings={"OwnerUserProfileName": "dana"}, SpaceSharingSettings={"SharingType": "Private"},
    SpaceSettings={"AppType": "JupyterLab"})`;

const track = (each: SpaceDetails) => `${each.DomainId}/${each.SpaceName}`;
const owner = (each: SpaceDetails) => each.OwnershipSettingsSummary?.OwnerUserProfileName;
const sharing = (each: SpaceDetails) => each.SpaceSharingSettingsSummary?.SharingType;
const volume = (each: SpaceDetails) => each.SpaceSettingsSummary?.SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb;

function columns(t: (key: string) => string): Column<SpaceDetails>[] {
  return [
    {
      id: "name",
      header: t("data.name"),
      value: (each) => each.SpaceName,
      cell: (each) => (
        <To href={place("/studio/spaces", { domain: each.DomainId, space: each.SpaceName })}>{each.SpaceName}</To>
      ),
      width: 220,
    },
    {
      id: "app",
      header: t("studio.appType"),
      choice: true,
      value: (each) => each.SpaceSettingsSummary?.AppType,
      cell: (each) => each.SpaceSettingsSummary?.AppType ?? "–",
      width: 150,
    },
    {
      id: "owner",
      header: t("studio.owner"),
      choice: true,
      value: owner,
      cell: (each) =>
        owner(each) ? (
          <To href={place("/studio/users", { domain: each.DomainId, user: owner(each) })}>{owner(each)}</To>
        ) : (
          "–"
        ),
      width: 150,
    },
    { id: "sharing", header: t("studio.sharing"), choice: true, value: sharing, cell: (each) => sharing(each) ?? "–", width: 120 },
    { id: "volume", header: t("studio.volume"), value: volume, cell: (each) => (volume(each) ? `${volume(each)} GiB` : "–"), width: 120 },
    stateColumn(t, (each) => each.Status),
    createdColumn(t),
  ];
}

export function deleteSpace(name: string) {
  const [DomainId, SpaceName] = name.split("/");
  return sagemaker.send(new DeleteSpaceCommand({ DomainId, SpaceName }));
}

/** The spaces of a domain, or of all; those of one owner where one is named. */
export function SpaceTable({ domain, owner: of }: { domain?: string; owner?: string }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<SpaceDetails>(
    ["spaces", region, domain, of],
    ["space"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListSpacesCommand({ DomainIdEquals: domain, MaxResults: PAGE_ROWS, NextToken: token }),
      );
      return { items: (answer.Spaces ?? []).filter((each) => !of || owner(each) === of), next: answer.NextToken };
    },
    track,
  );
  return (
    <EditableTable
      title={t("studio.spaces")}
      description={domain ? undefined : t("studio.spacesText")}
      level={domain ? "h2" : "h1"}
      rows={rows}
      trackBy={track}
      label={(each) => each.SpaceName ?? ""}
      columns={columns(t)}
      create={{
        text: t("studio.createSpace"),
        primary: true,
        form: (close) => <NewSpace domain={domain} owner={of} close={close} />,
      }}
      remove={(names) => deletion(t, names)}
      none={t("studio.noSpaces")}
      code={CODE}
    />
  );
}

function deletion(t: TFunction, names: string[]) {
  const count = names.length;
  return {
    title: t("studio.deleteSpaces", { count }),
    verb: t("data.delete"),
    names,
    says: t("studio.deleteSpacesSays"),
    lost: t("studio.deleteSpacesLost"),
    done: t("studio.deletingSpaces", { count }),
    act: deleteSpace,
  };
}
