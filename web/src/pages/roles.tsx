import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  type Role,
} from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { iam } from "../clients/iam";
import { Document } from "../document";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { moment } from "../numbers";
import { usePages } from "../pages";
import { Held, unpacked } from "../policies";
import { useSettings } from "../settings";

const PATH = "/access/roles";

export default function Roles() {
  const [name] = useParam("name");
  return name ? <RolePage key={name} name={name} /> : <RoleList />;
}

function RoleList() {
  const { t } = useTranslation();
  const { rows } = useSettings();
  useTrail([{ text: t("nav.roles"), href: PATH }]);
  const pages = usePages<Role>(["roles", rows], async (token) => {
    const answer = await iam.send(new ListRolesCommand({ MaxItems: rows, Marker: token }));
    return { items: answer.Roles ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
  }, { live: ["role"] });
  return (
    <List
      title={t("nav.roles")}
      description={t("access.rolesText")}
      pages={pages}
      trackBy={(each) => each.RoleId ?? ""}
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 300,
          cell: (each) => <To href={place(PATH, { name: each.RoleName })}>{each.RoleName}</To>,
        },
        { id: "arn", header: "ARN", cell: (each) => each.Arn, width: 520 },
        { id: "created", header: t("data.created"), cell: (each) => moment(each.CreateDate), width: 280 },
      ]}
      empty={t("access.noRoles")}
    />
  );
}

function RolePage({ name }: { name: string }) {
  const { t } = useTranslation();
  useTrail([
    { text: t("nav.roles"), href: PATH },
    { text: name, href: place(PATH, { name }) },
  ]);
  const role = useQuery({
    queryKey: ["role", name],
    meta: { live: ["role"] },
    queryFn: async () => (await iam.send(new GetRoleCommand({ RoleName: name }))).Role,
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={role.data?.Description}>
        {name}
      </Header>
      {role.isError && <Failed error={role.error} retry={() => void role.refetch()} />}
      {role.data && (
        <Container header={<Header variant="h2">{t("object.facts")}</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: "ARN", value: role.data.Arn ?? "–" },
              { label: t("access.id"), value: role.data.RoleId ?? "–" },
              { label: t("data.created"), value: moment(role.data.CreateDate) },
              { label: t("access.boundary"), value: role.data.PermissionsBoundary?.PermissionsBoundaryArn ?? "–" },
              { label: t("access.longest"), value: t("access.seconds", { count: role.data.MaxSessionDuration ?? 0 }) },
            ]}
          />
        </Container>
      )}
      {role.data && (
        <Container header={<Header variant="h2">{t("access.trust")}</Header>}>
          <Document text={unpacked(role.data.AssumeRolePolicyDocument)} json />
        </Container>
      )}
      <Held
        of={`role/${name}`}
        attached={async (token) => {
          const answer = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name, Marker: token }));
          return { items: answer.AttachedPolicies ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
        }}
        inline={async (token) => {
          const answer = await iam.send(new ListRolePoliciesCommand({ RoleName: name, Marker: token }));
          return { items: answer.PolicyNames ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
        }}
        document={async (policy) =>
          unpacked((await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }))).PolicyDocument)
        }
      />
    </SpaceBetween>
  );
}
