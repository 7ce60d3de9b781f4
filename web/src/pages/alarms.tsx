import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type AlarmHistoryItem,
  type AlarmType,
  type CompositeAlarm,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { metrics } from "../clients/metrics";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { moment } from "../numbers";
import { usePages } from "../pages";
import { useSettings } from "../settings";
import { metricPlace } from "../metric-place";

const PATH = "/monitoring/alarms";
const STATES: Record<string, StatusIndicatorProps.Type> = { OK: "success", ALARM: "error", INSUFFICIENT_DATA: "pending" };
const MOST = 100;
/** Without naming them, CloudWatch tells of metric alarms alone. */
const TYPES: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];

type Alarm = MetricAlarm & CompositeAlarm;

export default function Alarms() {
  const [alarm] = useParam("alarm");
  return alarm ? <AlarmPage key={alarm} name={alarm} /> : <AlarmList />;
}

function State({ value }: { value?: string }) {
  const { t } = useTranslation();
  return (
    <StatusIndicator type={STATES[value ?? ""] ?? "pending"}>
      {value && value in STATES ? t(`alarms.state.${value}`) : (value ?? "–")}
    </StatusIndicator>
  );
}

function condition(alarm: Alarm): string {
  if (alarm.AlarmRule) {
    return alarm.AlarmRule;
  }
  const signs: Record<string, string> = {
    GreaterThanThreshold: ">",
    GreaterThanOrEqualToThreshold: "≥",
    LessThanThreshold: "<",
    LessThanOrEqualToThreshold: "≤",
  };
  const sign = signs[alarm.ComparisonOperator ?? ""] ?? alarm.ComparisonOperator ?? "";
  return `${alarm.Statistic ?? alarm.ExtendedStatistic ?? ""} ${alarm.MetricName ?? ""} ${sign} ${alarm.Threshold ?? ""} · ${
    alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods
  }/${alarm.EvaluationPeriods} × ${alarm.Period ?? "–"} s`;
}

function AlarmList() {
  const { t } = useTranslation();
  const { rows, region } = useSettings();
  const [state, setState] = useParam("state");
  useTrail([{ text: t("nav.alarms"), href: PATH }]);
  const pages = usePages<Alarm>(["alarms", region, rows, state], async (token) => {
    const answer = await metrics.send(
      new DescribeAlarmsCommand({
        AlarmTypes: TYPES,
        MaxRecords: Math.min(rows, MOST),
        NextToken: token,
        StateValue: state in STATES ? (state as "OK") : undefined,
      }),
    );
    return { items: [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])], next: answer.NextToken };
  }, { live: ["alarm"] });
  return (
    <List
      title={t("alarms.title")}
      description={t("alarms.text")}
      pages={pages}
      trackBy={(each) => each.AlarmName ?? ""}
      filter={
        <SegmentedControl
          label={t("alarms.stateLabel")}
          selectedId={state || "all"}
          options={[
            { id: "all", text: t("alarms.all") },
            ...Object.keys(STATES).map((id) => ({ id, text: t(`alarms.state.${id}`) })),
          ]}
          onChange={({ detail }) => setState(detail.selectedId === "all" ? "" : detail.selectedId)}
        />
      }
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 280,
          cell: (each) => <To href={place(PATH, { alarm: each.AlarmName })}>{each.AlarmName}</To>,
        },
        { id: "state", header: t("alarms.stateLabel"), cell: (each) => <State value={each.StateValue} />, width: 180 },
        { id: "condition", header: t("alarms.condition"), cell: condition, width: 380 },
        { id: "since", header: t("alarms.since"), cell: (each) => moment(each.StateUpdatedTimestamp), width: 260 },
      ]}
      empty={state ? t("data.noMatch") : t("alarms.none")}
    />
  );
}

function AlarmPage({ name }: { name: string }) {
  const { t } = useTranslation();
  const { rows, region } = useSettings();
  useTrail([
    { text: t("nav.alarms"), href: PATH },
    { text: name, href: place(PATH, { alarm: name }) },
  ]);
  const alarm = useQuery({
    queryKey: ["alarm", region, name],
    meta: { live: ["alarm"] },
    queryFn: async (): Promise<Alarm | null> => {
      const answer = await metrics.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: TYPES }));
      return answer.MetricAlarms?.[0] ?? answer.CompositeAlarms?.[0] ?? null;
    },
  });
  const history = usePages<AlarmHistoryItem>(["alarm-history", region, name, rows], async (token) => {
    const answer = await metrics.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: name,
        AlarmTypes: TYPES,
        MaxRecords: Math.min(rows, MOST),
        NextToken: token,
      }),
    );
    return { items: answer.AlarmHistoryItems ?? [], next: answer.NextToken };
  }, { live: ["alarm"] });
  const shown = alarm.data;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      {alarm.isError && <Failed error={alarm.error} retry={() => void alarm.refetch()} />}
      {alarm.data === null && <StatusIndicator type="stopped">{t("alarms.gone")}</StatusIndicator>}
      {shown && (
        <Container header={<Header variant="h2">{t("alarms.now")}</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: t("alarms.stateLabel"), value: <State value={shown.StateValue} /> },
              { label: t("alarms.since"), value: moment(shown.StateUpdatedTimestamp) },
              { label: t("alarms.condition"), value: condition(shown) },
              { label: t("alarms.reason"), value: shown.StateReason || "–" },
              {
                label: t("nav.metrics"),
                value: shown.MetricName ? (
                  <To
                    href={metricPlace({
                      Namespace: shown.Namespace,
                      MetricName: shown.MetricName,
                      Dimensions: shown.Dimensions,
                    })}
                  >
                    {shown.Namespace} · {shown.MetricName}
                  </To>
                ) : (
                  "–"
                ),
              },
              { label: t("alarms.description"), value: shown.AlarmDescription || "–" },
            ]}
          />
        </Container>
      )}
      <List
        title={t("alarms.history")}
        level="h2"
        pages={history}
        trackBy={(each) => `${each.Timestamp?.getTime()} ${each.HistoryItemType} ${each.HistorySummary}`}
        columns={[
          { id: "at", header: t("logs.at"), cell: (each) => moment(each.Timestamp), width: 280 },
          { id: "type", header: t("alarms.type"), cell: (each) => each.HistoryItemType, width: 200 },
          { id: "summary", header: t("alarms.summary"), cell: (each) => each.HistorySummary, isRowHeader: true, width: 520 },
        ]}
        empty={t("alarms.noHistory")}
      />
    </SpaceBetween>
  );
}
