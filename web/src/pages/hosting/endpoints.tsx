import Button from "@cloudscape-design/components/button";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useQuestion } from "../../confirm";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { plain, Status } from "../../status";
import { ResourceTable } from "../../table";
import { When } from "../../when";
import { deletion, nameOf, useEndpoints } from "./endpoint-rows";

const EndpointPage = lazy(() => import("./endpoint"));

const ENDPOINTS = "/endpoints";
const CODE = `import boto3
boto3.client("sagemaker").create_endpoint(
    EndpointName="churn", EndpointConfigName="churn-on-m5")`;

export default function Endpoints() {
  const { t } = useTranslation();
  const [name] = useParam("name");
  useTrail([
    { text: t("nav.endpoints"), href: ENDPOINTS },
    ...(name ? [{ text: name, href: place(ENDPOINTS, { name }) }] : []),
  ]);
  return name ? <EndpointPage key={name} name={name} /> : <EndpointList />;
}

function EndpointList() {
  const { t } = useTranslation();
  const rows = useEndpoints();
  const { ask, asked } = useQuestion(rows.refresh);
  return (
    <>
      <ResourceTable
        title={t("nav.endpoints")}
        description={t("endpoints.text")}
        rows={rows}
        trackBy={nameOf}
        label={nameOf}
        columns={[
          { id: "name", header: t("data.name"), value: nameOf, cell: (each) => <To href={place(ENDPOINTS, { name: nameOf(each) })}>{nameOf(each)}</To>, width: 340 },
          {
            id: "status",
            header: t("resource.status"),
            choice: true,
            value: (each) => plain(each.EndpointStatus),
            cell: (each) => <Status value={each.EndpointStatus} />,
            width: 160,
          },
          { id: "created", header: t("data.created"), value: (each) => each.CreationTime, cell: (each) => <When at={each.CreationTime} />, width: 370 },
          { id: "modified", header: t("resource.modified"), value: (each) => each.LastModifiedTime, cell: (each) => <When at={each.LastModifiedTime} />, width: 370 },
        ]}
        actions={(chosen) => (
          <Button disabled={!chosen.length} onClick={() => ask(deletion(t, chosen.map(nameOf)))}>
            {t("data.delete")}
          </Button>
        )}
        empty={<Nothing text={t("endpoints.none")} code={CODE} />}
      />
      {asked}
    </>
  );
}
