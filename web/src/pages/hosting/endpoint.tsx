import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
} from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { useQuestion } from "../../confirm";
import { Failed } from "../../failed";
import { AsCode } from "../../form";
import { place, To, useParam } from "../../links";
import { LogView } from "../../log-view";
import { Facts, PageTabs, ResourceHeader } from "../../resource";
import { useSettings } from "../../settings";
import { Tags } from "../../tags";
import { Waiting } from "../../waiting";
import { When } from "../../when";
import { deletion } from "./endpoint-rows";

const MetricCharts = lazy(() => import("../../charts"));

const SPANS: Record<string, number> = { "15m": 900, "1h": 3600, "12h": 43_200, "1d": 86_400, "7d": 604_800 };
const GOING = new Set(["Creating", "Updating", "InService", "SystemUpdating", "RollingBack"]);

export default function EndpointPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { region } = useSettings();
  const endpoint = useQuery({
    queryKey: ["endpoint", region, name],
    meta: { live: ["endpoint"] },
    queryFn: () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
  });
  const { ask, asked } = useQuestion(() => void navigate("/endpoints"));
  if (!endpoint.data) {
    return endpoint.isError ? <Failed error={endpoint.error} retry={() => void endpoint.refetch()} /> : <Waiting />;
  }
  const found = endpoint.data;
  const live = GOING.has(found.EndpointStatus ?? "");
  return (
    <SpaceBetween size="l">
      <ResourceHeader
        name={name}
        status={found.EndpointStatus}
        arn={found.EndpointArn}
        actions={<Button onClick={() => ask(deletion(t, [name]))}>{t("data.delete")}</Button>}
      />
      {found.FailureReason && <Failed error={{ name: t("state.Failed"), message: found.FailureReason }} />}
      <PageTabs
        tabs={[
          { id: "overview", label: t("object.overview"), content: () => <Overview endpoint={found} /> },
          { id: "metrics", label: t("nav.metrics"), content: () => <Metrics name={name} live={live} /> },
          {
            id: "logs",
            label: t("jobs.logs"),
            content: () => <LogView group={`/aws/sagemaker/Endpoints/${name}`} live={live} />,
          },
          {
            id: "configuration",
            label: t("jobs.configuration"),
            content: () => (
              <AsCode
                operation="CreateEndpoint"
                input={{ EndpointName: name, EndpointConfigName: found.EndpointConfigName }}
              />
            ),
          },
          { id: "tags", label: t("object.tags"), content: () => <Tags arn={found.EndpointArn ?? ""} /> },
        ]}
      />
      {asked}
    </SpaceBetween>
  );
}

function Overview({ endpoint }: { endpoint: DescribeEndpointOutput }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const config = useQuery({
    queryKey: ["endpoint-config", region, endpoint.EndpointConfigName],
    meta: { live: ["endpoint-config"] },
    queryFn: () =>
      sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName })),
  });
  const variants = endpoint.ProductionVariants ?? [];
  const asked = (name: string | undefined) => config.data?.ProductionVariants?.find((each) => each.VariantName === name);
  return (
    <SpaceBetween size="l">
      <Facts
        title={t("object.facts")}
        pairs={[
          [
            t("endpoints.config"),
            <To key="config" href={place("/endpoints/configurations", { name: endpoint.EndpointConfigName })}>
              {endpoint.EndpointConfigName}
            </To>,
          ],
          [t("data.created"), <When key="created" at={endpoint.CreationTime} />],
          [t("resource.modified"), <When key="modified" at={endpoint.LastModifiedTime} />],
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
            cell: (each) => {
              const model = asked(each.VariantName)?.ModelName;
              return model ? <To href={place("/models", { name: model })}>{model}</To> : "–";
            },
          },
          { id: "instance", header: t("studio.instance"), cell: (each) => asked(each.VariantName)?.InstanceType ?? "–" },
          { id: "count", header: t("endpoints.count"), cell: (each) => `${each.CurrentInstanceCount ?? 0} / ${each.DesiredInstanceCount ?? 0}` },
          { id: "weight", header: t("endpoints.weight"), cell: (each) => each.CurrentWeight ?? "–" },
          { id: "image", header: t("jobs.image"), cell: (each) => each.DeployedImages?.[0]?.SpecifiedImage ?? "–" },
        ]}
      />
    </SpaceBetween>
  );
}

/** What is asked of an endpoint, how long it takes, and how busy its hosts are. */
function Metrics({ name, live }: { name: string; live: boolean }) {
  const { t } = useTranslation();
  const [asked, setSpan] = useParam("span");
  const span = asked in SPANS ? asked : "1h";
  const seconds = SPANS[span] ?? 3600;
  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label={t("metrics.span")}
        selectedId={span}
        options={Object.keys(SPANS).map((id) => ({ id, text: id }))}
        onChange={({ detail }) => setSpan(detail.selectedId)}
      />
      <MetricCharts
        key={span}
        sought={["AWS/SageMaker", "/aws/sagemaker/Endpoints"].map((namespace) => ({
          namespace,
          dimension: "EndpointName",
          value: name,
        }))}
        none={t("endpoints.noMetrics")}
        shown={() => ({ live, from: new Date(Date.now() - seconds * 1000), to: new Date() })}
      />
    </SpaceBetween>
  );
}
