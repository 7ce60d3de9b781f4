import { GetMetricDataCommand, ListMetricsCommand, type Metric } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import LineChart from "@cloudscape-design/components/line-chart";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { metrics } from "./clients/metrics";
import { COLOURS } from "./colours";
import { Failed } from "./failed";
import { To } from "./links";
import { metricPlace } from "./metric-place";
import { Nothing } from "./nothing";
import { every } from "./pages";
import { settings, useSettings } from "./settings";

const EVERY_MS = 15_000;
const MOST_POINTS = 300;
const PERIODS = [60, 300, 900, 3600, 21_600, 86_400];
/** Told as sums: how often something happened. */
const COUNTS = /^(Invocations|Invocation\dXXErrors|InvocationsPerInstance)$/;

/** What AWS's own metrics are measured in; those of programs have no unit. */
const UNITS: [name: RegExp, unit: string][] = [
  [/Latency$/, "µs"],
  [/Utilization$/, "%"],
];

/** What people look at first. */
const FIRST = ["Invocations", "ModelLatency", "OverheadLatency", "CPUUtilization", "MemoryUtilization"];

/** Which metrics are shown: all of a namespace that have a dimension's value. */
export interface Sought {
  namespace: string;
  dimension: string;
  value: string;
}

interface Shown {
  from: Date;
  to: Date;
  /** Whether more is to come. */
  live: boolean;
}

/** The shortest period that makes no more points than a chart can show. */
export function period(from: Date, to: Date): number {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return PERIODS.find((each) => seconds / each <= MOST_POINTS) ?? 86_400;
}

async function found(sought: Sought[]): Promise<Metric[]> {
  const all = await Promise.all(
    sought.map(({ namespace, dimension, value }) =>
      every(async (token) => {
        const answer = await metrics.send(
          new ListMetricsCommand({
            Namespace: namespace,
            Dimensions: [{ Name: dimension, Value: value }],
            NextToken: token,
          }),
        );
        return { items: answer.Metrics ?? [], next: answer.NextToken };
      }),
    ),
  );
  return all.flat();
}

export interface Line {
  metric: Metric;
  data: { x: Date; y: number }[];
}

async function read(all: Metric[], from: Date, to: Date): Promise<Line[]> {
  if (!all.length) {
    return [];
  }
  const Period = period(from, to);
  const answer = await metrics.send(
    new GetMetricDataCommand({
      StartTime: from,
      EndTime: new Date(Math.ceil(to.getTime() / 60_000) * 60_000),
      ScanBy: "TimestampAscending",
      MetricDataQueries: all.map((Metric, at) => ({
        Id: `m${at}`,
        MetricStat: { Metric, Period, Stat: COUNTS.test(Metric.MetricName ?? "") ? "Sum" : "Average" },
      })),
    }),
  );
  return all.map((metric, at) => {
    const result = answer.MetricDataResults?.find((each) => each.Id === `m${at}`);
    return { metric, data: (result?.Timestamps ?? []).map((x, i) => ({ x, y: result?.Values?.[i] ?? 0 })) };
  });
}

/** Lines by the name of their metric, so that hosts and variants share a chart. */
export function grouped(lines: Line[]): [string, Line[]][] {
  const groups = new Map<string, Line[]>();
  lines
    .filter((line) => line.data.length)
    .forEach((line) => {
      const name = line.metric.MetricName ?? "";
      groups.set(name, [...(groups.get(name) ?? []), line]);
    });
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...groups].sort(([one], [other]) => place(one) - place(other) || one.localeCompare(other));
}

/** Every metric of a resource over time, side by side; what still runs is read anew as time goes on. */
export default function MetricCharts({ sought, shown, none }: { sought: Sought[]; shown: () => Shown; none: string }) {
  const { region } = useSettings();
  const live = shown().live;
  const lines = useQuery({
    queryKey: ["charts", region, sought, live],
    refetchInterval: live ? EVERY_MS : false,
    queryFn: async () => {
      // points stand at the beginnings of minutes, and so does the chart
      const { from: begun, to } = shown();
      const from = new Date(Math.floor(begun.getTime() / 60_000) * 60_000);
      return { from, to, groups: grouped(await read(await found(sought), from, to)) };
    },
  });
  if (!lines.data) {
    return lines.isError ? <Failed error={lines.error} retry={() => void lines.refetch()} /> : <Spinner />;
  }
  const { from, to, groups } = lines.data;
  return groups.length ? (
    <ColumnLayout columns={2}>
      {groups.map(([name, group]) => (
        <OneChart key={name} name={name} lines={group} from={from} to={to} />
      ))}
    </ColumnLayout>
  ) : (
    <Nothing text={none} />
  );
}

/** What tells a line from the others of its chart. */
function title(line: Line, lines: Line[]): string {
  const differing = (line.metric.Dimensions ?? []).filter((each) =>
    lines.some((other) => (other.metric.Dimensions ?? []).some((its) => its.Name === each.Name && its.Value !== each.Value)),
  );
  return differing.map((each) => each.Value).join(" ") || (line.metric.MetricName ?? "");
}

/** One point makes no line: it is told as what it is. */
function Values(props: { lines: Line[]; number: (value: number) => string; time: (at: Date) => string }) {
  return (
    <KeyValuePairs
      columns={props.lines.length < 2 ? 1 : 2}
      items={props.lines.map((line) => ({
        label: line.data[0] ? props.time(line.data[0].x) : title(line, props.lines),
        value: (
          <Box fontSize="heading-xl">
            {props.number(line.data[0]?.y ?? 0)}
          </Box>
        ),
      }))}
    />
  );
}

function OneChart({ name, lines, from, to }: { name: string; lines: Line[]; from: Date; to: Date }) {
  const { t } = useTranslation();
  const number = (value: number) =>
    `${new Intl.NumberFormat(settings().language, { maximumSignificantDigits: 6 }).format(value)}${unit && ` ${unit}`}`;
  const long = to.getTime() - from.getTime() > 86_400_000;
  const time = (at: Date) =>
    new Intl.DateTimeFormat(settings().language, {
      ...(long ? { month: "short", day: "numeric" } : {}),
      hour: "2-digit",
      minute: "2-digit",
    }).format(at);
  const [first] = lines;
  const unit = UNITS.find(([known]) => known.test(name))?.[1] ?? "";
  const highest = Math.max(...lines.flatMap((line) => line.data.map((point) => Math.abs(point.y))));
  return (
    <Container
      header={
        <Header variant="h3" description={[first?.metric.Namespace, unit].filter(Boolean).join(" · ")}>
          {first ? <To href={metricPlace(first.metric)}>{name}</To> : name}
        </Header>
      }
    >
      {lines.every((line) => line.data.length < 2) ? (
        <Values lines={lines} number={number} time={time} />
      ) : (
        <LineChart
          height={160}
          hideFilter
          hideLegend={lines.length < 2}
          xScaleType="time"
          xDomain={[from, to]}
          yDomain={highest > 0 ? undefined : [0, 1]}
          series={lines.map((line, at) => ({
            title: title(line, lines),
            type: "line" as const,
            data: line.data,
            color: COLOURS[at % COLOURS.length],
            valueFormatter: number,
          }))}
          xTickFormatter={time}
          yTickFormatter={(value) => number(value).replace(` ${unit}`, "")}
          ariaLabel={name}
          empty={<Box textAlign="center">{t("metrics.noData")}</Box>}
        />
      )}
    </Container>
  );
}
