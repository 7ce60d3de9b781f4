import {
  DeleteUserProfileCommand,
  ListUserProfilesCommand,
  type UserProfileDetails,
} from "@aws-sdk/client-sagemaker";
import type { TFunction } from "i18next";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { createdColumn, EditableTable, stateColumn } from "../../editable-table";
import { place, To } from "../../links";
import { OpenStudio } from "../../opening";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { plain } from "../../status";
import type { Column } from "../../table";

const NewUser = lazy(() => import("./user-new"));

const CODE = `import boto3
boto3.client("sagemaker").create_user_profile(
    DomainId=domain, UserProfileName="dana")`;

/** The user profiles of a domain, or of all. */
export function UserTable({ domain }: { domain?: string }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<UserProfileDetails>(
    ["user-profiles", region, domain],
    ["user-profile"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListUserProfilesCommand({ DomainIdEquals: domain, MaxResults: PAGE_ROWS, NextToken: token }),
      );
      return { items: answer.UserProfiles ?? [], next: answer.NextToken };
    },
    track,
  );
  return (
    <EditableTable
      title={t("studio.users")}
      description={domain ? undefined : t("studio.usersText")}
      level={domain ? "h2" : "h1"}
      rows={rows}
      trackBy={track}
      label={(each) => each.UserProfileName ?? ""}
      columns={columns(t, domain === undefined)}
      create={{ text: t("studio.createUser"), primary: true, form: (close) => <NewUser domain={domain} close={close} /> }}
      remove={(names) => deletion(t, names)}
      none={t("studio.noUsers")}
      code={CODE}
    />
  );
}

function deletion(t: TFunction, names: string[]) {
  const count = names.length;
  return {
    title: t("studio.deleteUsers", { count }),
    verb: t("data.delete"),
    names,
    says: t("studio.deleteUsersSays"),
    done: t("studio.deletingUsers", { count }),
    act: (name: string) => {
      const [DomainId, UserProfileName] = name.split("/");
      return sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName }));
    },
  };
}

const track = (each: UserProfileDetails) => `${each.DomainId}/${each.UserProfileName}`;

function columns(t: (key: string) => string, everywhere: boolean): Column<UserProfileDetails>[] {
  return [
    {
      id: "name",
      header: t("data.name"),
      value: (each) => each.UserProfileName,
      cell: (each) => (
        <To href={place("/studio/users", { domain: each.DomainId, user: each.UserProfileName })}>
          {each.UserProfileName}
        </To>
      ),
      width: 240,
    },
    ...(everywhere
      ? [
          {
            id: "domain",
            header: t("studio.domain"),
            choice: true,
            value: (each: UserProfileDetails) => each.DomainId,
            cell: (each: UserProfileDetails) => (
              <To href={place("/studio/domains", { domain: each.DomainId })}>{each.DomainId}</To>
            ),
            width: 200,
          },
        ]
      : []),
    stateColumn(t, (each) => each.Status),
    createdColumn(t),
    {
      id: "open",
      header: "Studio",
      cell: (each) => (
        <OpenStudio
          domain={each.DomainId ?? ""}
          user={each.UserProfileName ?? ""}
          inline
          disabled={plain(each.Status) !== "InService"}
        />
      ),
      width: 180,
    },
  ];
}
