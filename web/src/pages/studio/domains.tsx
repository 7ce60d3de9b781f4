import { ListDomainsCommand, type DomainDetails } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { moment } from "../../numbers";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { plain, Status } from "../../status";
import { ResourceTable } from "../../table";
import { When } from "../../when";

const DomainWizard = lazy(() => import("./domain-wizard"));
const QuickDomain = lazy(() => import("./domain-quick"));
const DomainPage = lazy(() => import("./domain"));

export const DOMAINS = "/studio/domains";

const CODE = `import boto3
boto3.client("sagemaker").create_domain(DomainName="team", AuthMode="IAM",
    DefaultUserSettings={"ExecutionRole": role})`;

export default function Domains() {
  const [domain] = useParam("domain");
  const [create] = useParam("create");
  if (create === "standard") {
    return <DomainWizard />;
  }
  if (create) {
    return <QuickDomain />;
  }
  return domain ? <DomainPage key={domain} id={domain} /> : <DomainList />;
}

/** Every domain of the account in the region. */
export function useDomains() {
  const { region } = useSettings();
  return useRows<DomainDetails>(
    ["domains", region],
    ["domain"],
    async (token) => {
      const answer = await sagemaker.send(new ListDomainsCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.Domains ?? [], next: answer.NextToken };
    },
    (each) => each.DomainId ?? "",
  );
}

function DomainList() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const rows = useDomains();
  useTrail([{ text: t("studio.domains"), href: DOMAINS }]);
  const create = (
    <Button variant="primary" onClick={() => void navigate(place(DOMAINS, { create: "quick" }))}>
      {t("studio.createDomain")}
    </Button>
  );
  return (
    <ResourceTable
      title={t("studio.domains")}
      description={t("studio.domainsText")}
      rows={rows}
      trackBy={(each) => each.DomainId ?? ""}
      label={(each) => each.DomainName ?? ""}
      actions={() => create}
      columns={[
        {
          id: "name",
          header: t("data.name"),
          value: (each) => each.DomainName,
          cell: (each) => <To href={place(DOMAINS, { domain: each.DomainId })}>{each.DomainName}</To>,
          width: 240,
        },
        { id: "id", header: "ID", value: (each) => each.DomainId, cell: (each) => each.DomainId, width: 200 },
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
          id: "modified",
          header: t("resource.modified"),
          value: (each) => each.LastModifiedTime,
          cell: (each) => moment(each.LastModifiedTime),
          width: 260,
        },
      ]}
      empty={<Nothing text={t("studio.noDomains")} action={create} code={CODE} />}
    />
  );
}
