import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilteredLogEvent,
  type LogGroup,
  type LogStream,
} from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { logs } from "../clients/logs";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { bytes, moment } from "../numbers";
import { untilFound, usePages } from "../pages";
import { useSettings } from "../settings";

const PATH = "/monitoring/logs";
const MOST_GROUPS = 50;

/** Log groups, the streams of one, and events. */
export default function Logs() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [group] = useParam("group");
  const [stream] = useParam("stream");
  const [tab] = useParam("tab");
  useTrail([
    { text: t("nav.logs"), href: PATH },
    ...(group ? [{ text: group, href: place(PATH, { group }) }] : []),
    ...(stream ? [{ text: stream, href: place(PATH, { group, stream }) }] : []),
  ]);
  if (!group) {
    return <Groups />;
  }
  if (stream) {
    return <Events key={stream} group={group} stream={stream} title={stream} />;
  }
  return (
    <Tabs
      activeTabId={tab || "streams"}
      onChange={({ detail }) => void navigate(place(PATH, { group, tab: detail.activeTabId }), { replace: true })}
      tabs={[
        { id: "streams", label: t("logs.streams"), content: <Streams group={group} /> },
        { id: "events", label: t("logs.allEvents"), content: <Events group={group} title={t("logs.allEvents")} /> },
      ]}
    />
  );
}

/** A field whose text is applied when it is confirmed: each use is a call to the server. */
function Find({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation();
  const [applied, apply] = useParam(name);
  const [typed, setTyped] = useState(applied);
  return (
    <SpaceBetween size="xs" direction="horizontal">
      <Input
        type="search"
        value={typed}
        placeholder={label}
        ariaLabel={label}
        onChange={({ detail }) => {
          setTyped(detail.value);
          if (!detail.value) {
            apply("");
          }
        }}
        onKeyDown={({ detail }) => detail.key === "Enter" && apply(typed)}
      />
      <Button onClick={() => apply(typed)}>{t("action.find")}</Button>
    </SpaceBetween>
  );
}

function Groups() {
  const { t } = useTranslation();
  const { rows, region } = useSettings();
  const [find] = useParam("find");
  const pages = usePages<LogGroup>(["log-groups", region, rows, find], async (token) => {
    const answer = await logs.send(
      new DescribeLogGroupsCommand({
        limit: Math.min(rows, MOST_GROUPS),
        nextToken: token,
        logGroupNamePattern: find || undefined,
      }),
    );
    return { items: answer.logGroups ?? [], next: answer.nextToken };
  }, { live: ["log-group"] });
  return (
    <List
      title={t("logs.groups")}
      description={t("logs.groupsText")}
      pages={pages}
      trackBy={(each) => each.logGroupName ?? ""}
      filter={<Find name="find" label={t("logs.findGroup")} />}
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 460,
          cell: (each) => <To href={place(PATH, { group: each.logGroupName })}>{each.logGroupName}</To>,
        },
        {
          id: "retention",
          header: t("logs.retention"),
          cell: (each) =>
            each.retentionInDays ? t("logs.days", { count: each.retentionInDays }) : t("logs.forever"),
        },
        { id: "stored", header: t("logs.stored"), cell: (each) => bytes(each.storedBytes) },
        { id: "created", header: t("data.created"), cell: (each) => moment(each.creationTime), width: 280 },
      ]}
      empty={find ? t("data.noMatch") : t("logs.noGroups")}
    />
  );
}

function Streams({ group }: { group: string }) {
  const { t } = useTranslation();
  const { rows, region } = useSettings();
  const [find] = useParam("find");
  const pages = usePages<LogStream>(["log-streams", region, group, rows, find], async (token) => {
    const answer = await logs.send(
      new DescribeLogStreamsCommand({
        logGroupName: group,
        limit: Math.min(rows, MOST_GROUPS),
        nextToken: token,
        // by name where a name is looked for: AWS allows no other order then
        ...(find ? { logStreamNamePrefix: find } : { orderBy: "LastEventTime", descending: true }),
      }),
    );
    return { items: answer.logStreams ?? [], next: answer.nextToken };
  });
  return (
    <List
      title={t("logs.streams")}
      level="h2"
      pages={pages}
      trackBy={(each) => each.logStreamName ?? ""}
      filter={<Find name="find" label={t("logs.findStream")} />}
      columns={[
        {
          id: "name",
          header: t("data.name"),
          isRowHeader: true,
          width: 460,
          cell: (each) => <To href={place(PATH, { group, stream: each.logStreamName })}>{each.logStreamName}</To>,
        },
        { id: "last", header: t("logs.lastEvent"), cell: (each) => moment(each.lastEventTimestamp), width: 280 },
        { id: "first", header: t("logs.firstEvent"), cell: (each) => moment(each.firstEventTimestamp), width: 280 },
      ]}
      empty={find ? t("data.noMatch") : t("logs.noStreams")}
    />
  );
}

function Events({ group, stream, title }: { group: string; stream?: string; title: string }) {
  const { t } = useTranslation();
  const { rows, region } = useSettings();
  const [pattern] = useParam("pattern");
  const found = untilFound<FilteredLogEvent>(async (token, signal) => {
    const answer = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        logStreamNames: stream ? [stream] : undefined,
        filterPattern: pattern || undefined,
        limit: rows,
        nextToken: token,
      }),
      { abortSignal: signal },
    );
    return { items: answer.events ?? [], next: answer.nextToken };
  });
  const pages = usePages(["log-events", region, group, stream, rows, pattern], found);
  return (
    <List
      title={title}
      level={stream ? "h1" : "h2"}
      pages={pages}
      trackBy={(each) => each.eventId ?? `${each.timestamp} ${each.message}`}
      filter={<Find name="pattern" label={t("logs.pattern")} />}
      columns={[
        { id: "at", header: t("logs.at"), cell: (each) => moment(each.timestamp), width: 240 },
        {
          id: "message",
          header: t("logs.message"),
          isRowHeader: true,
          width: stream ? 900 : 640,
          cell: (each) => <span className="line">{each.message}</span>,
        },
        ...(stream
          ? []
          : [
              {
                id: "stream",
                header: t("logs.stream"),
                cell: (each: FilteredLogEvent) => (
                  <To href={place(PATH, { group, stream: each.logStreamName })}>{each.logStreamName}</To>
                ),
              },
            ]),
      ]}
      loading={pattern ? t("logs.searching") : undefined}
      empty={pattern ? t("data.noMatch") : t("logs.noEvents")}
    />
  );
}
