import {
  GetUserCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  type User,
} from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { iam } from "../clients/iam";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { moment } from "../numbers";
import { every, usePages } from "../pages";
import { Held, unpacked } from "../policies";
import { useSettings } from "../settings";

const PATH = "/access/users";

export default function Users() {
  const [name] = useParam("name");
  return name ? <UserPage key={name} name={name} /> : <UserList />;
}

function UserList() {
  const { t } = useTranslation();
  const { rows } = useSettings();
  useTrail([{ text: t("nav.users"), href: PATH }]);
  const pages = usePages<User>(["users", rows], async (token) => {
    const answer = await iam.send(new ListUsersCommand({ MaxItems: rows, Marker: token }));
    return { items: answer.Users ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
  }, { live: ["user"] });
  return (
    <List
      title={t("nav.users")}
      description={t("access.usersText")}
      pages={pages}
      trackBy={(each) => each.UserId ?? ""}
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 260,
          cell: (each) => <To href={place(PATH, { name: each.UserName })}>{each.UserName}</To>,
        },
        { id: "arn", header: "ARN", cell: (each) => each.Arn, width: 480 },
        { id: "created", header: t("data.created"), cell: (each) => moment(each.CreateDate), width: 280 },
      ]}
      empty={t("access.noUsers")}
    />
  );
}

function UserPage({ name }: { name: string }) {
  const { t } = useTranslation();
  useTrail([
    { text: t("nav.users"), href: PATH },
    { text: name, href: place(PATH, { name }) },
  ]);
  const user = useQuery({
    queryKey: ["user", name],
    meta: { live: ["user"] },
    queryFn: async () => (await iam.send(new GetUserCommand({ UserName: name }))).User,
  });
  const groups = useQuery({
    queryKey: ["groups-of", name],
    queryFn: () =>
      every(async (token) => {
        const answer = await iam.send(new ListGroupsForUserCommand({ UserName: name, Marker: token }));
        return { items: answer.Groups ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
      }),
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      {user.isError && <Failed error={user.error} retry={() => void user.refetch()} />}
      {user.data && (
        <Container header={<Header variant="h2">{t("object.facts")}</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: "ARN", value: user.data.Arn ?? "–" },
              { label: t("access.id"), value: user.data.UserId ?? "–" },
              { label: t("data.created"), value: moment(user.data.CreateDate) },
              { label: t("access.boundary"), value: user.data.PermissionsBoundary?.PermissionsBoundaryArn ?? "–" },
              {
                label: t("access.groups"),
                value: groups.isError ? (
                  <Failed error={groups.error} />
                ) : (
                  groups.data?.map((each) => each.GroupName).join(", ") || "–"
                ),
              },
            ]}
          />
        </Container>
      )}
      <Held
        of={`user/${name}`}
        attached={async (token) => {
          const answer = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: name, Marker: token }));
          return { items: answer.AttachedPolicies ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
        }}
        inline={async (token) => {
          const answer = await iam.send(new ListUserPoliciesCommand({ UserName: name, Marker: token }));
          return { items: answer.PolicyNames ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
        }}
        document={async (policy) =>
          unpacked((await iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName: policy }))).PolicyDocument)
        }
      />
    </SpaceBetween>
  );
}
