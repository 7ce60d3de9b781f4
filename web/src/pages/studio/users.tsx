import { DeleteUserProfileCommand, DescribeUserProfileCommand } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Document } from "../../document";
import { Failed } from "../../failed";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Noun } from "../../nouns";
import { OpenStudio } from "../../opening";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { AppTable } from "./app-table";
import { SpaceTable } from "./space-table";
import { UserTable } from "./user-table";

const USERS = "/studio/users";

export default function Users() {
  const { t } = useTranslation();
  const [domain] = useParam("domain");
  const [user] = useParam("user");
  useTrail([
    { text: t("studio.users"), href: USERS },
    ...(user ? [{ text: user, href: place(USERS, { domain, user }) }] : []),
  ]);
  return user && domain ? <UserPage key={`${domain}/${user}`} domain={domain} user={user} /> : <UserTable />;
}

function UserPage({ domain, user }: { domain: string; user: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const names = { DomainId: domain, UserProfileName: user };
  const profile = useQuery({
    queryKey: ["user-profile", region, domain, user],
    meta: { live: ["user-profile"] },
    queryFn: () => sagemaker.send(new DescribeUserProfileCommand(names)),
  });
  const { ask, asked } = useQuestion(() => void navigate(USERS));
  if (!profile.data) {
    return profile.isError ? <Failed error={profile.error} retry={() => void profile.refetch()} /> : <Waiting />;
  }
  const remove = () =>
    ask({
      title: t("studio.deleteUsers", { count: 1 }),
      verb: t("data.delete"),
      names: [user],
      says: t("studio.deleteUsersSays"),
      done: t("studio.deletingUsers", { count: 1 }),
      act: () => sagemaker.send(new DeleteUserProfileCommand(names)),
    });
  const settings = profile.data.UserSettings ?? {};
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={user}
        status={profile.data.Status}
        arn={profile.data.UserProfileArn}
        actions={
          <>
            <Button onClick={remove}>{t("data.delete")}</Button>
            <OpenStudio domain={domain} user={user} primary disabled={profile.data.Status !== "InService"} />
          </>
        }
      />
      {profile.data.FailureReason && <Failed error={{ name: t("state.Failed"), message: profile.data.FailureReason }} />}
      <Facts
        title={t("object.facts")}
        pairs={[
          [t("studio.domain"), <To key="domain" href={place("/studio/domains", { domain })}>{domain}</To>],
          [t("studio.role"), settings.ExecutionRole ? <Noun key="role" arn={settings.ExecutionRole} /> : t("studio.asDomain")],
          [t("studio.uid"), profile.data.HomeEfsFileSystemUid],
          [t("studio.sso"), profile.data.SingleSignOnUserValue],
          [t("data.created"), <When key="created" at={profile.data.CreationTime} />],
          [t("resource.modified"), <When key="modified" at={profile.data.LastModifiedTime} />],
        ]}
      />
      <PageTabs
        tabs={[
          { id: "apps", label: t("studio.apps"), content: () => <AppTable domain={domain} user={user} /> },
          { id: "spaces", label: t("studio.spaces"), content: () => <SpaceTable domain={domain} owner={user} /> },
          {
            id: "settings",
            label: t("studio.settings"),
            content: () => (
              <Container header={<Header variant="h2">{t("studio.ownSettings")}</Header>}>
                <Document text={JSON.stringify(settings)} json />
              </Container>
            ),
          },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={profile.data.UserProfileArn ?? ""} /> },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}
