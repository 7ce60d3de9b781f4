import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type Policy,
} from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { iam } from "../clients/iam";
import { Document } from "../document";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { moment } from "../numbers";
import { every, usePages } from "../pages";
import { unpacked } from "../policies";
import { useSettings } from "../settings";

const PATH = "/access/policies";
const SCOPES = ["Local", "AWS", "All"] as const;

export default function Policies() {
  const [arn] = useParam("arn");
  return arn ? <PolicyPage key={arn} arn={arn} /> : <PolicyList />;
}

function PolicyList() {
  const { t } = useTranslation();
  const { rows } = useSettings();
  const [wanted, setScope] = useParam("scope");
  const scope = SCOPES.find((each) => each === wanted) ?? "Local";
  useTrail([{ text: t("nav.policies"), href: PATH }]);
  const pages = usePages<Policy>(["policies", rows, scope], async (token) => {
    const answer = await iam.send(new ListPoliciesCommand({ Scope: scope, MaxItems: rows, Marker: token }));
    return { items: answer.Policies ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
  }, { live: ["policy"] });
  return (
    <List
      title={t("nav.policies")}
      description={t("access.policiesText")}
      pages={pages}
      trackBy={(each) => each.Arn ?? ""}
      filter={
        <SegmentedControl
          label={t("access.scope")}
          selectedId={scope}
          options={SCOPES.map((id) => ({ id, text: t(`access.scopes.${id}`) }))}
          onChange={({ detail }) => setScope(detail.selectedId)}
        />
      }
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 320,
          cell: (each) => <To href={place(PATH, { arn: each.Arn })}>{each.PolicyName}</To>,
        },
        { id: "arn", header: "ARN", cell: (each) => each.Arn, width: 480 },
        { id: "uses", header: t("access.uses"), cell: (each) => each.AttachmentCount ?? 0 },
        { id: "updated", header: t("access.updated"), cell: (each) => moment(each.UpdateDate), width: 280 },
      ]}
      empty={t("access.noPolicies")}
    />
  );
}

function PolicyPage({ arn }: { arn: string }) {
  const { t } = useTranslation();
  const name = arn.split("/").at(-1) ?? arn;
  useTrail([
    { text: t("nav.policies"), href: PATH },
    { text: name, href: place(PATH, { arn }) },
  ]);
  const policy = useQuery({
    queryKey: ["policy", arn],
    queryFn: async () => (await iam.send(new GetPolicyCommand({ PolicyArn: arn }))).Policy,
  });
  const version = policy.data?.DefaultVersionId;
  const document = useQuery({
    queryKey: ["policy-version", arn, version],
    enabled: version !== undefined,
    queryFn: async () =>
      unpacked(
        (await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version }))).PolicyVersion?.Document,
      ),
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={policy.data?.Description}>
        {name}
      </Header>
      {policy.isError && <Failed error={policy.error} retry={() => void policy.refetch()} />}
      {policy.data && (
        <Container header={<Header variant="h2">{t("object.facts")}</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: "ARN", value: arn },
              { label: t("object.version"), value: version ?? "–" },
              { label: t("access.updated"), value: moment(policy.data.UpdateDate) },
            ]}
          />
        </Container>
      )}
      <Container header={<Header variant="h2">{t("access.document")}</Header>}>
        {document.isError && <Failed error={document.error} retry={() => void document.refetch()} />}
        {document.isPending && !policy.isError && <Spinner />}
        {document.data !== undefined && <Document text={document.data} json />}
      </Container>
      <Holders arn={arn} />
    </SpaceBetween>
  );
}

/** The names of some, each where it can be looked at. */
function Names({ names, path }: { names: (string | undefined)[]; path: string }) {
  return names.length === 0 ? (
    "–"
  ) : (
    <>
      {names.map((name) => (
        <div key={name}>
          <To href={place(path, { name })}>{name}</To>
        </div>
      ))}
    </>
  );
}

/** All who hold the policy. */
function Holders({ arn }: { arn: string }) {
  const { t } = useTranslation();
  const holders = useQuery({
    queryKey: ["policy-holders", arn],
    queryFn: async () => {
      const answers = await every(async (token) => {
        const answer = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, Marker: token }));
        return { items: [answer], next: answer.IsTruncated ? answer.Marker : undefined };
      });
      return {
        users: answers.flatMap((each) => each.PolicyUsers ?? []),
        roles: answers.flatMap((each) => each.PolicyRoles ?? []),
        groups: answers.flatMap((each) => each.PolicyGroups ?? []),
      };
    },
  });
  return (
    <Container header={<Header variant="h2">{t("access.holders")}</Header>}>
      {holders.isError && <Failed error={holders.error} retry={() => void holders.refetch()} />}
      {holders.isPending && <Spinner />}
      {holders.data && (
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: t("nav.users"),
              value: <Names names={holders.data.users.map((each) => each.UserName)} path="/access/users" />,
            },
            {
              label: t("nav.roles"),
              value: <Names names={holders.data.roles.map((each) => each.RoleName)} path="/access/roles" />,
            },
            { label: t("access.groups"), value: holders.data.groups.map((each) => each.GroupName).join(", ") || "–" },
          ]}
        />
      )}
    </Container>
  );
}
