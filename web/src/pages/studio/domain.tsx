import { DeleteDomainCommand, DescribeDomainCommand, type DescribeDomainResponse } from "@aws-sdk/client-sagemaker";
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
import { place } from "../../links";
import { Noun } from "../../nouns";
import { Copied, Facts, PageTabs, ResourceHeader } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { DOMAINS } from "./domains";
import { Environment } from "./environment";
import { SpaceTable } from "./space-table";
import { UserTable } from "./user-table";

/** A domain, as it is now. */
export function useDomain(id: string) {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["domain", region, id],
    meta: { live: ["domain"] },
    queryFn: () => sagemaker.send(new DescribeDomainCommand({ DomainId: id })),
  });
}

export default function DomainPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const domain = useDomain(id);
  const { ask, asked } = useQuestion(() => void navigate(DOMAINS));
  const name = domain.data?.DomainName ?? id;
  useTrail([
    { text: t("studio.domains"), href: DOMAINS },
    { text: name, href: place(DOMAINS, { domain: id }) },
  ]);
  if (!domain.data) {
    return domain.isError ? <Failed error={domain.error} retry={() => void domain.refetch()} /> : <Waiting />;
  }
  const remove = () =>
    ask({
      title: t("studio.deleteDomain"),
      verb: t("data.delete"),
      names: [name],
      says: t("studio.deleteDomainSays"),
      lost: t("studio.deleteDomainLost"),
      typed: name,
      done: t("resource.deleting", { name }),
      act: () =>
        sagemaker.send(new DeleteDomainCommand({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: "Delete" } })),
    });
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        status={domain.data.Status}
        arn={domain.data.DomainArn}
        actions={<Button onClick={remove}>{t("data.delete")}</Button>}
      />
      {domain.data.FailureReason && <Failed error={{ name: t("state.Failed"), message: domain.data.FailureReason }} />}
      <PageTabs
        tabs={[
          { id: "users", label: t("studio.users"), content: () => <UserTable domain={id} /> },
          { id: "spaces", label: t("studio.spaces"), content: () => <SpaceTable domain={id} /> },
          { id: "environment", label: t("studio.environment"), content: () => <Environment domain={domain.data} /> },
          { id: "settings", label: t("studio.settings"), content: () => <Settings domain={domain.data} /> },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={domain.data.DomainArn ?? ""} /> },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}

function Settings({ domain }: { domain: DescribeDomainResponse }) {
  const { t } = useTranslation();
  const { $metadata: _, ...settings } = domain as DescribeDomainResponse & { $metadata?: unknown };
  return (
    <SpaceBetween size="l">
      <Facts
        title={t("object.facts")}
        pairs={[
          ["ID", <Copied key="id" text={domain.DomainId ?? ""} label={t("action.copy")} />],
          [t("studio.auth"), domain.AuthMode],
          [t("studio.role"), <Noun key="role" arn={domain.DefaultUserSettings?.ExecutionRole} />],
          [t("studio.network"), domain.AppNetworkAccessType],
          [t("studio.vpc"), domain.VpcId],
          [t("studio.home"), domain.HomeEfsFileSystemId],
          [t("studio.url"), domain.Url],
          [t("data.created"), <When key="created" at={domain.CreationTime} />],
          [t("resource.modified"), <When key="modified" at={domain.LastModifiedTime} />],
        ]}
      />
      <Container header={<Header variant="h2">{t("studio.allSettings")}</Header>}>
        <Document text={JSON.stringify(settings)} json />
      </Container>
    </SpaceBetween>
  );
}
