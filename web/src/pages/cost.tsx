import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { COLOURS } from "../colours";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { useParam } from "../links";
import { Nothing } from "../nothing";
import { Noun } from "../nouns";
import { given } from "../rows";
import { settings } from "../settings";
import { ResourceTable } from "../table";
import { daily, money, payer, thisMonth, useUsage, type Group, type Usage } from "../usage";
import { Waiting } from "../waiting";
import { When } from "../when";
import { Budgets } from "./cost/budgets";
import { StopAll } from "./cost/stop-all";

/** Comes after the page: it is larger than all of it. */
const BarChart = lazy(() => import("@cloudscape-design/components/bar-chart"));

const DAY_MS = 86_400_000;

/** When a time begins, at the beginning of a day, so that it stays the same while the page is looked at. */
function since(span: string): Date {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return span === "month" ? thisMonth() : new Date(today - (span === "30d" ? 29 : 6) * DAY_MS);
}

/** What ran, what it cost, and how much of the budgets is left. */
export default function Cost() {
  const { t } = useTranslation();
  const [asked, setSpan] = useParam("span");
  const span = ["7d", "30d"].includes(asked) ? asked : "month";
  useTrail([{ text: t("nav.cost"), href: "/cost" }]);
  const from = useMemo(() => since(span), [span]);
  const usage = useUsage(from);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t("cost.text")}
        actions={
          <div className="actions">
            <SegmentedControl
              label={t("metrics.span")}
              selectedId={span}
              options={["month", "7d", "30d"].map((id) => ({ id, text: t(`cost.spans.${id}`) }))}
              onChange={({ detail }) => setSpan(detail.selectedId)}
            />
            <StopAll />
          </div>
        }
      >
        {t("nav.cost")}
      </Header>
      {usage.isError && <Failed error={usage.error} retry={() => void usage.refetch()} />}
      {usage.isPending && <Waiting />}
      {usage.data && <Sums usage={usage.data} />}
      {usage.data && <Daily usage={usage.data} from={from} />}
      <Budgets currency={usage.data?.currency ?? "USD"} />
      {usage.data && <Groups usage={usage.data} />}
      {usage.data && <Entries usage={usage.data} refresh={() => void usage.refetch()} />}
    </SpaceBetween>
  );
}

function Sums({ usage }: { usage: Usage }) {
  const { t } = useTranslation();
  const big = (text: string) => <Box fontSize="heading-xl">{text}</Box>;
  return (
    <Container
      footer={
        <Box color="text-body-secondary" fontSize="body-s">
          {t("cost.source")}: {usage.priceSource}
        </Box>
      }
    >
      <KeyValuePairs
        columns={3}
        items={[
          { label: t("cost.spent"), value: big(money(usage.cost, usage.currency)) },
          { label: t("cost.now"), value: big(t("cost.perHour", { amount: money(usage.perHourNow, usage.currency) })) },
          { label: t("cost.hours"), value: big(new Intl.NumberFormat(settings().language, { maximumFractionDigits: 2 }).format(usage.hours)) },
        ]}
      />
    </Container>
  );
}

/** Each day's cost by instance type, as far as the entries reach. */
function Daily({ usage, from }: { usage: Usage; from: Date }) {
  const { t } = useTranslation();
  const { days, types } = daily(usage.entries, from, new Date(usage.to));
  const day = new Intl.DateTimeFormat(settings().language, { month: "short", day: "numeric", timeZone: "UTC" });
  const amount = (value: number) => money(value, usage.currency);
  return (
    <Container header={<Header variant="h2" description={usage.leftOut ? t("cost.leftOut", { count: usage.leftOut }) : undefined}>{t("cost.daily")}</Header>}>
      <Suspense fallback={<Waiting />}>
        <BarChart
          stackedBars
          height={200}
          hideFilter
          xScaleType="categorical"
          xDomain={days.map((each) => day.format(each))}
          series={[...types].map(([type, costs], at) => ({
            title: type,
            type: "bar" as const,
            color: COLOURS[at % COLOURS.length],
            valueFormatter: amount,
            data: days.map((each, index) => ({ x: day.format(each), y: costs[index] ?? 0 })),
          }))}
          yTickFormatter={amount}
          ariaLabel={t("cost.daily")}
          empty={<Box textAlign="center">{t("cost.none")}</Box>}
        />
      </Suspense>
    </Container>
  );
}

function Groups({ usage }: { usage: Usage }) {
  const { t } = useTranslation();
  const table = (title: string, groups: Group[], name: (group: Group) => string) => (
    <Table<Group>
      header={<Header variant="h3">{title}</Header>}
      items={[...groups].sort((one, other) => other.cost - one.cost)}
      trackBy={name}
      ariaLabels={{ tableLabel: title }}
      empty={t("cost.none")}
      columnDefinitions={[
        { id: "name", header: t("data.name"), cell: (each) => name(each) || "–", isRowHeader: true },
        { id: "hours", header: t("cost.hours"), cell: (each) => each.hours.toFixed(2) },
        { id: "cost", header: t("nav.cost"), cell: (each) => money(each.cost, usage.currency) },
      ]}
    />
  );
  return (
    <ColumnLayout columns={2}>
      {table(t("cost.byUser"), usage.byUser, payer)}
      {table(t("cost.byType"), usage.byInstanceType, (each) => each.instanceType ?? "")}
    </ColumnLayout>
  );
}

function Entries({ usage, refresh }: { usage: Usage; refresh: () => void }) {
  const { t } = useTranslation();
  return (
    <ResourceTable
      title={t("cost.entries")}
      level="h2"
      rows={given(usage.entries, refresh)}
      trackBy={(each) => String(each.id)}
      label={(each) => each.resource}
      columns={[
        { id: "resource", header: t("cost.resource"), value: (each) => each.resource, cell: (each) => <Noun arn={each.resource} />, width: 240 },
        { id: "kind", header: t("jobs.kind"), choice: true, value: (each) => each.kind, cell: (each) => each.kind, width: 140 },
        { id: "payer", header: t("cost.payer"), choice: true, value: payer, cell: (each) => payer(each) || "–", width: 220 },
        { id: "instance", header: t("studio.instance"), choice: true, value: (each) => each.instanceType, cell: (each) => `${each.instances} × ${each.instanceType}`, width: 190 },
        { id: "created", header: t("running.since"), value: (each) => new Date(each.startedAt), cell: (each) => <When at={new Date(each.startedAt)} />, width: 370 },
        { id: "hours", header: t("cost.hours"), value: (each) => each.hours, cell: (each) => each.hours.toFixed(2), width: 110 },
        { id: "cost", header: t("nav.cost"), value: (each) => each.cost, cell: (each) => money(each.cost, usage.currency), width: 120 },
      ]}
      empty={<Nothing text={t("cost.none")} />}
    />
  );
}
