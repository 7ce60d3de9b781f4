import { GetMetricDataCommand, ListMetricsCommand, type Metric } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { metrics } from "../clients/metrics";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { useParam } from "../links";
import { List } from "../list";
import { mark } from "../metric-place";
import { usePages } from "../pages";
import { settings, useSettings } from "../settings";
import { Waiting } from "../waiting";

/** Comes after the page: it is larger than all of it. */
const LineChart = lazy(() => import("@cloudscape-design/components/line-chart"));

const PATH = "/monitoring/metrics";
const MINUTE = 60;
/** How far a chart looks back, in seconds, and how many seconds one of its points covers. */
const SPANS: Record<string, { seconds: number; period: number }> = {
  "1h": { seconds: 3600, period: MINUTE },
  "12h": { seconds: 12 * 3600, period: 5 * MINUTE },
  "1d": { seconds: 24 * 3600, period: 5 * MINUTE },
  "7d": { seconds: 7 * 24 * 3600, period: 3600 },
  "30d": { seconds: 30 * 24 * 3600, period: 3600 },
};
const STATISTICS = ["Average", "Minimum", "Maximum", "Sum", "SampleCount"];

function ofMark(text: string): Metric | undefined {
  try {
    const [namespace, name, dimensions] = JSON.parse(text) as [string, string, [string, string][]];
    return {
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
    };
  } catch {
    return undefined;
  }
}

function dimensions(metric: Metric): string {
  return (metric.Dimensions ?? []).map((each) => `${each.Name} = ${each.Value}`).join(", ") || "–";
}

export default function Metrics() {
  const { t } = useTranslation();
  const { region } = useSettings();
  const [namespace, setNamespace] = useParam("namespace");
  const [name, setName] = useParam("name");
  const [chosen, setChosen] = useParam("metric");
  const [typed, setTyped] = useState({ namespace, name });
  useTrail([{ text: t("nav.metrics"), href: PATH }]);
  const pages = usePages<Metric>(["metrics", region, namespace, name], async (token) => {
    const answer = await metrics.send(
      new ListMetricsCommand({
        Namespace: namespace || undefined,
        MetricName: name || undefined,
        NextToken: token,
      }),
    );
    return { items: answer.Metrics ?? [], next: answer.NextToken };
  });
  const metric = useMemo(() => (chosen ? ofMark(chosen) : undefined), [chosen]);
  const find = () => {
    setNamespace(typed.namespace);
    setName(typed.name);
  };
  return (
    <SpaceBetween size="l">
      {metric && <Chart metric={metric} close={() => setChosen("")} />}
      <List
        title={t("metrics.title")}
        description={t("metrics.text")}
        pages={pages}
        trackBy={mark}
        selection={{
          selectionType: "single",
          selectedItems: pages.items.filter((each) => mark(each) === chosen),
          onSelectionChange: ({ detail }) => detail.selectedItems[0] && setChosen(mark(detail.selectedItems[0])),
          ariaLabels: {
            selectionGroupLabel: t("list.choose"),
            itemSelectionLabel: (_, each) => t("list.chooseOne", { name: each.MetricName }),
          },
        }}
        filter={
          <SpaceBetween size="xs" direction="horizontal">
            <Input
              value={typed.namespace}
              placeholder={t("metrics.namespace")}
              ariaLabel={t("metrics.namespace")}
              onChange={({ detail }) => setTyped({ ...typed, namespace: detail.value })}
              onKeyDown={({ detail }) => detail.key === "Enter" && find()}
            />
            <Input
              value={typed.name}
              placeholder={t("metrics.name")}
              ariaLabel={t("metrics.name")}
              onChange={({ detail }) => setTyped({ ...typed, name: detail.value })}
              onKeyDown={({ detail }) => detail.key === "Enter" && find()}
            />
            <Button onClick={find}>{t("action.find")}</Button>
          </SpaceBetween>
        }
        columns={[
          { id: "name", header: t("metrics.name"), cell: (each) => each.MetricName, isRowHeader: true, width: 260 },
          { id: "namespace", header: t("metrics.namespace"), cell: (each) => each.Namespace, width: 280 },
          { id: "dimensions", header: t("metrics.dimensions"), cell: dimensions, width: 460 },
        ]}
        empty={namespace || name ? t("data.noMatch") : t("metrics.none")}
      />
    </SpaceBetween>
  );
}

/** One metric over time, as GetMetricData tells it. */
export function Chart({ metric, close }: { metric: Metric; close?: () => void }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const [spanText, setSpan] = useParam("span");
  const [statText, setStat] = useParam("stat");
  const span = spanText in SPANS ? spanText : "1h";
  const stat = STATISTICS.includes(statText) ? statText : "Average";
  const { seconds, period } = SPANS[span] ?? { seconds: 3600, period: MINUTE };
  const points = useQuery({
    queryKey: ["metric-data", region, mark(metric), span, stat],
    queryFn: async () => {
      const end = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
      const start = new Date(end.getTime() - seconds * 1000);
      const answer = await metrics.send(
        new GetMetricDataCommand({
          StartTime: start,
          EndTime: end,
          ScanBy: "TimestampAscending",
          MetricDataQueries: [{ Id: "m", MetricStat: { Metric: metric, Period: period, Stat: stat } }],
        }),
      );
      const result = answer.MetricDataResults?.[0];
      return {
        start,
        end,
        data: (result?.Timestamps ?? []).map((at, i) => ({ x: at, y: result?.Values?.[i] ?? 0 })),
      };
    },
  });
  const time = (at: Date) =>
    new Intl.DateTimeFormat(settings().language, {
      ...(seconds > 24 * 3600 ? { month: "short", day: "numeric" } : {}),
      hour: "2-digit",
      minute: "2-digit",
    }).format(at);
  const number = (value: number) =>
    new Intl.NumberFormat(settings().language, { maximumSignificantDigits: 8 }).format(value);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${metric.Namespace} · ${dimensions(metric)}`}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Select
                ariaLabel={t("metrics.statistic")}
                selectedOption={{ value: stat, label: stat }}
                options={STATISTICS.map((value) => ({ value, label: value }))}
                onChange={({ detail }) => setStat(detail.selectedOption.value ?? "")}
              />
              <SegmentedControl
                label={t("metrics.span")}
                selectedId={span}
                options={Object.keys(SPANS).map((id) => ({ id, text: id }))}
                onChange={({ detail }) => setSpan(detail.selectedId)}
              />
              {close && <Button iconName="close" variant="icon" ariaLabel={t("action.close")} onClick={close} />}
            </SpaceBetween>
          }
        >
          {metric.MetricName}
        </Header>
      }
    >
      {points.isError ? (
        <Failed error={points.error} retry={() => void points.refetch()} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <LineChart
            height={220}
            hideFilter
            hideLegend
            xScaleType="time"
            xDomain={points.data ? [points.data.start, points.data.end] : undefined}
            series={[
              {
                title: `${metric.MetricName} (${stat})`,
                type: "line",
                data: points.data?.data ?? [],
                color: "#0d9488",
                valueFormatter: number,
              },
            ]}
            xTickFormatter={(at) => time(at as Date)}
            yTickFormatter={number}
            ariaLabel={`${metric.MetricName} (${stat})`}
            xTitle={t("metrics.time")}
            yTitle={stat}
            statusType={points.isPending ? "loading" : "finished"}
            loadingText={t("list.loading")}
            empty={<Box textAlign="center">{t("metrics.noData")}</Box>}
          />
        </Suspense>
      )}
    </Container>
  );
}
