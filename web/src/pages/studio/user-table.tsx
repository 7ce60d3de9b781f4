import {
  CreateUserProfileCommand,
  DeleteUserProfileCommand,
  ListUserProfilesCommand,
  type UserProfileDetails,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Dialog, useForm } from "../../dialog";
import { Field } from "../../form";
import { place, To } from "../../links";
import { Nothing } from "../../nothing";
import { OpenStudio } from "../../opening";
import { RoleField } from "../../role-field";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { plain, Status } from "../../status";
import { ResourceTable, type Column } from "../../table";
import { When } from "../../when";
import { DomainField } from "./domain-field";

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
  const [creating, open, close] = useForm(rows.refresh);
  const { ask, asked } = useQuestion(rows.refresh);
  const remove = (chosen: UserProfileDetails[]) =>
    ask({
      title: t("studio.deleteUsers", { count: chosen.length }),
      verb: t("data.delete"),
      names: chosen.map(track),
      says: t("studio.deleteUsersSays"),
      done: t("studio.deletingUsers", { count: chosen.length }),
      act: (name) => {
        const [DomainId, UserProfileName] = name.split("/");
        return sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName }));
      },
    });
  const create = (
    <Button variant="primary" onClick={open}>
      {t("studio.createUser")}
    </Button>
  );
  return (
    <>
      <ResourceTable
        title={t("studio.users")}
        description={domain ? undefined : t("studio.usersText")}
        level={domain ? "h2" : "h1"}
        rows={rows}
        trackBy={track}
        label={(each) => each.UserProfileName ?? ""}
        columns={columns(t, domain === undefined)}
        actions={(chosen) => (
          <>
            <Button disabled={!chosen.length} onClick={() => remove(chosen)}>
              {t("data.delete")}
            </Button>
            {create}
          </>
        )}
        empty={<Nothing text={t("studio.noUsers")} action={create} code={CODE} />}
      />
      {creating && (
        <NewUser
          domain={domain}
          close={close}
        />
      )}
      {asked}
    </>
  );
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
    {
      id: "status",
      header: t("resource.status"),
      choice: true,
      value: (each) => plain(each.Status),
      cell: (each) => <Status value={each.Status} />,
      width: 160,
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

function NewUser({ domain, close }: { domain?: string; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState(domain ?? "");
  const [name, setName] = useState("");
  const [role, setRole] = useState("");
  const input = {
    DomainId: place,
    UserProfileName: name,
    UserSettings: role ? { ExecutionRole: role } : undefined,
  };
  return (
    <Dialog
      title={t("studio.createUser")}
      done={t("resource.creating", { name })}
      request={{ operation: "CreateUserProfile", input }}
      ready={Boolean(name && place)}
      act={() => sagemaker.send(new CreateUserProfileCommand(input))}
      close={close}
    >
      {(error) => (
        <>
          {!domain && <DomainField value={place} change={setPlace} error={error} />}
          <Field label={t("data.name")} api="UserProfileName" error={error}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </Field>
          <RoleField
            label={t("studio.role")}
            api="UserSettings.ExecutionRole"
            value={role}
            error={error}
            hint={t("studio.roleOfDomain")}
            change={setRole}
          />
        </>
      )}
    </Dialog>
  );
}
