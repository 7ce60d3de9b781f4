import {
  DeleteEndpointConfigCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
  type EndpointConfigSummary,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Failed } from "../../failed";
import { useTrail } from "../../frame";
import { place, To, useParam } from "../../links";
import { Nothing } from "../../nothing";
import { Facts, ResourceHeader } from "../../resource";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";
import { ResourceTable } from "../../table";
import { Waiting } from "../../waiting";
import { When } from "../../when";

const CONFIGURATIONS = "/endpoints/configurations";
const CODE = `import boto3
boto3.client("sagemaker").create_endpoint_config(EndpointConfigName="churn-on-m5", ProductionVariants=[
    {"VariantName": "all", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}])`;

const nameOf = (each: EndpointConfigSummary) => each.EndpointConfigName ?? "";

export default function Configurations() {
  const { t } = useTranslation();
  const [name] = useParam("name");
  useTrail([
    { text: t("endpoints.configs"), href: CONFIGURATIONS },
    ...(name ? [{ text: name, href: place(CONFIGURATIONS, { name }) }] : []),
  ]);
  return name ? <ConfigurationPage key={name} name={name} /> : <ConfigurationList />;
}

function deletion(t: (key: string, values?: { count: number }) => string, names: string[]) {
  return {
    title: t("endpoints.deleteConfigs", { count: names.length }),
    verb: t("data.delete"),
    names,
    says: t("endpoints.deleteConfigsSays"),
    done: t("endpoints.deletedConfigs", { count: names.length }),
    act: (name: string) => sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
  };
}

function ConfigurationList() {
  const { t } = useTranslation();
  const { region } = useSettings();
  const rows = useRows<EndpointConfigSummary>(
    ["endpoint-configs", region],
    ["endpoint-config"],
    async (token) => {
      const answer = await sagemaker.send(new ListEndpointConfigsCommand({ MaxResults: PAGE_ROWS, NextToken: token }));
      return { items: answer.EndpointConfigs ?? [], next: answer.NextToken };
    },
    nameOf,
  );
  const { ask, asked } = useQuestion(rows.refresh);
  return (
    <>
      <ResourceTable
        title={t("endpoints.configs")}
        description={t("endpoints.configsText")}
        rows={rows}
        trackBy={nameOf}
        label={nameOf}
        columns={[
          { id: "name", header: t("data.name"), value: nameOf, cell: (each) => <To href={place(CONFIGURATIONS, { name: nameOf(each) })}>{nameOf(each)}</To>, width: 360 },
          { id: "created", header: t("data.created"), value: (each) => each.CreationTime, cell: (each) => <When at={each.CreationTime} />, width: 370 },
        ]}
        actions={(chosen) => (
          <Button disabled={!chosen.length} onClick={() => ask(deletion(t, chosen.map(nameOf)))}>
            {t("data.delete")}
          </Button>
        )}
        empty={<Nothing text={t("endpoints.noConfigs")} code={CODE} />}
      />
      {asked}
    </>
  );
}

function ConfigurationPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const config = useQuery({
    queryKey: ["endpoint-config", region, name],
    meta: { live: ["endpoint-config"] },
    queryFn: () => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
  });
  const { ask, asked } = useQuestion(() => void navigate(CONFIGURATIONS));
  if (!config.data) {
    return config.isError ? <Failed error={config.error} retry={() => void config.refetch()} /> : <Waiting />;
  }
  const variants = config.data.ProductionVariants ?? [];
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        arn={config.data.EndpointConfigArn}
        actions={<Button onClick={() => ask(deletion(t, [name]))}>{t("data.delete")}</Button>}
      />
      <Facts
        title={t("object.facts")}
        pairs={[
          [t("data.created"), <When key="created" at={config.data.CreationTime} />],
          ["KMS", config.data.KmsKeyId],
        ]}
      />
      <Table
        header={<Header variant="h2" counter={`(${variants.length})`}>{t("endpoints.variants")}</Header>}
        items={variants}
        trackBy="VariantName"
        ariaLabels={{ tableLabel: t("endpoints.variants") }}
        columnDefinitions={[
          { id: "name", header: t("data.name"), cell: (each) => each.VariantName, isRowHeader: true },
          {
            id: "model",
            header: t("endpoints.model"),
            cell: (each) => <To href={place("/models", { name: each.ModelName })}>{each.ModelName}</To>,
          },
          { id: "instance", header: t("studio.instance"), cell: (each) => each.InstanceType ?? "–" },
          { id: "count", header: t("endpoints.count"), cell: (each) => each.InitialInstanceCount ?? "–" },
          { id: "weight", header: t("endpoints.weight"), cell: (each) => each.InitialVariantWeight ?? "–" },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}
