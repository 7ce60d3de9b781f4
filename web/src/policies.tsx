import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Document } from "./document";
import { Failed } from "./failed";
import { place, To } from "./links";
import { List } from "./list";
import { every, usePages, type Page } from "./pages";

/** IAM answers documents percent-encoded. */
export function unpacked(document: string | undefined): string {
  return decodeURIComponent(document ?? "");
}

/** A policy that lies in a user or role itself; it is read when it is opened. */
function Inline({ of, name, load }: { of: string; name: string; load: () => Promise<string> }) {
  const [open, setOpen] = useState(false);
  const document = useQuery({ queryKey: ["inline", of, name], queryFn: load, enabled: open, staleTime: 0 });
  return (
    <ExpandableSection headerText={name} expanded={open} onChange={({ detail }) => setOpen(detail.expanded)}>
      {document.isError && <Failed error={document.error} retry={() => void document.refetch()} />}
      {open && document.isPending && <Spinner />}
      {document.data !== undefined && <Document text={document.data} json />}
    </ExpandableSection>
  );
}

/** The policies of a user or role: those that lie in it, and those attached to it. */
export function Held(props: {
  of: string;
  attached: (token?: string) => Promise<Page<{ PolicyName?: string; PolicyArn?: string }>>;
  inline: (token?: string) => Promise<Page<string>>;
  document: (name: string) => Promise<string>;
}) {
  const { t } = useTranslation();
  const attached = usePages(["attached", props.of], props.attached);
  const inline = useQuery({ queryKey: ["inline-names", props.of], queryFn: () => every(props.inline) });
  return (
    <SpaceBetween size="l">
      <List
        title={t("access.attached")}
        level="h2"
        pages={attached}
        trackBy={(each) => each.PolicyArn ?? ""}
        columns={[
          {
            id: "name",
            header: t("data.name"),
            isRowHeader: true,
            width: 320,
            cell: (each) => <To href={place("/access/policies", { arn: each.PolicyArn })}>{each.PolicyName}</To>,
          },
          { id: "arn", header: "ARN", cell: (each) => each.PolicyArn, width: 520 },
        ]}
        empty={t("access.noAttached")}
      />
      <Container header={<Header variant="h2">{t("access.inline")}</Header>}>
        {inline.isError && <Failed error={inline.error} retry={() => void inline.refetch()} />}
        {inline.isPending && <Spinner />}
        {inline.data?.length === 0 && t("access.noInline")}
        {inline.data?.map((name) => (
          <Inline key={`${props.of}/${name}`} of={props.of} name={name} load={() => props.document(name)} />
        ))}
      </Container>
    </SpaceBetween>
  );
}
