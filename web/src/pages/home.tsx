import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../failed";
import { useTrail } from "../frame";
import { place, To } from "../links";
import { ago, moment } from "../numbers";
import { Copied } from "../resource";
import type { Rows } from "../rows";
import type { Session } from "../session";
import { Status } from "../status";
import { Beginnings } from "./home/beginnings";
import { useTrainingJobs } from "./jobs/rows";
import { useRunning } from "./running-rows";

const SHOWN = 5;
const SEEN = "atelier.seen";

/** When this page was looked at before; what failed since is new. */
function useSeen(): number {
  const [before] = useState(() => Number(localStorage.getItem(SEEN) ?? 0));
  useEffect(() => localStorage.setItem(SEEN, String(Date.now())), []);
  return before;
}

interface Line {
  key: string;
  href: string;
  text: string;
  status: string;
  at?: Date;
  fresh?: boolean;
}

/** A few of many, each a link with how it stands, and a way to all of them. */
function Few<T>(props: { title: string; all: string; rows: Rows<T>; none: string; lines: Line[] }) {
  const { t } = useTranslation();
  const { rows, lines } = props;
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" counter={rows.counter} actions={<To href={props.all}>{t("home.all")}</To>}>
          {props.title}
        </Header>
      }
    >
      {rows.error ? (
        <Failed error={rows.error} retry={rows.refresh} />
      ) : rows.loading ? (
        <Spinner />
      ) : lines.length ? (
        <SpaceBetween size="xs">
          {lines.slice(0, SHOWN).map((line) => (
            <div key={line.key} className="few">
              <To href={line.href}>{line.text}</To>
              <span className="beside">
                {line.fresh && <Badge color="red">{t("home.new")}</Badge>} <Status value={line.status} />{" "}
                <Box display="inline" color="text-body-secondary" fontSize="body-s">
                  {ago(line.at)}
                </Box>
              </span>
            </div>
          ))}
        </SpaceBetween>
      ) : (
        <Box color="text-body-secondary">{props.none}</Box>
      )}
    </Container>
  );
}

function Answers() {
  const { t } = useTranslation();
  const seen = useSeen();
  const running = useRunning();
  const failed = useTrainingJobs("Failed");
  const jobs = useTrainingJobs();
  const job = (each: (typeof jobs.items)[number]): Line => ({
    key: each.TrainingJobName ?? "",
    href: place("/jobs", { name: each.TrainingJobName }),
    text: each.TrainingJobName ?? "",
    status: each.TrainingJobStatus ?? "",
    at: each.LastModifiedTime,
  });
  const filter = JSON.stringify({
    tokens: [{ propertyKey: "status", operator: "=", value: ["Failed"] }],
    operation: "and",
  });
  return (
    <ColumnLayout columns={2}>
      <Few
        title={t("home.running")}
        all="/running"
        rows={running}
        none={t("running.none")}
        lines={running.items.map((each) => ({
          key: `${each.kind} ${each.name}`,
          href: each.href,
          text: each.title,
          status: each.status,
          at: each.since,
        }))}
      />
      <Few
        title={t("home.failed")}
        all={place("/jobs", { filter })}
        rows={failed}
        none={t("home.noFailed")}
        lines={failed.items.map((each) => ({ ...job(each), fresh: seen > 0 && (each.LastModifiedTime?.getTime() ?? 0) > seen }))}
      />
      <Few title={t("home.recent")} all="/jobs" rows={jobs} none={t("home.noJobs")} lines={jobs.items.map(job)} />
      <Beginnings />
    </ColumnLayout>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return <Container header={<Header variant="h2">{title}</Header>}>{children}</Container>;
}

/** What runs, what failed, what was worked on, and what can be begun. */
export default function Home({ session }: { session: Session }) {
  const { t } = useTranslation();
  useTrail([{ text: t("nav.home"), href: "/" }]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t("home.subtitle")}>
          {t("home.title", { user: session.user })}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Answers />
        <Panel title={t("home.identity")}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: t("home.user"), value: session.user },
              { label: t("home.account"), value: session.account },
              { label: "ARN", value: <Copied text={session.arn} /> },
              { label: t("home.until"), value: moment(new Date(session.expiresAt)) },
            ]}
          />
        </Panel>
      </SpaceBetween>
    </ContentLayout>
  );
}
