import { DescribeLogStreamsCommand, type OutputLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { logs } from "./clients/logs";
import { Failed } from "./failed";
import { place, To, useParam } from "./links";
import { Nothing } from "./nothing";
import { settings, useSettings } from "./settings";
import { useTail } from "./tail";

const CHUNK = 100;

/** How much a line asks for attention. */
export function level(text: string): "error" | "warning" | "" {
  return /\b(ERROR|CRITICAL|FATAL|Traceback|Exception)\b/.test(text)
    ? "error"
    : /\b(WARN|WARNING)\b/.test(text)
      ? "warning"
      : "";
}

/** The streams whose names begin alike: one per host. */
function useStreams(group: string, prefix: string, live: boolean) {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["log-streams-of", region, group, prefix],
    refetchInterval: live ? 5_000 : false,
    queryFn: async (): Promise<string[]> => {
      try {
        const answer = await logs.send(
          new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: prefix || undefined, limit: 50 }),
        );
        return (answer.logStreams ?? []).map((each) => each.logStreamName ?? "");
      } catch (error) {
        // nothing was written yet: the group is made with the first line
        if ((error as Error).name === "ResourceNotFoundException") {
          return [];
        }
        throw error;
      }
    },
  });
}

/** What a job or an endpoint prints, host by host, line by line as it comes. */
export function LogView({ group, prefix = "", live }: { group: string; prefix?: string; live: boolean }) {
  const { t } = useTranslation();
  const [chosen, choose] = useParam("stream");
  const streams = useStreams(group, prefix, live);
  if (!streams.data) {
    return streams.isError ? <Failed error={streams.error} retry={() => void streams.refetch()} /> : <Spinner />;
  }
  const stream = streams.data.find((each) => each === chosen) ?? streams.data[0];
  if (!stream) {
    return <Nothing text={t(live ? "logview.soon" : "logview.none")} />;
  }
  return (
    <Lines
      key={stream}
      group={group}
      stream={stream}
      live={live}
      choice={
        streams.data.length > 1 && (
          <Select
            ariaLabel={t("logs.stream")}
            selectedOption={{ value: stream, label: stream }}
            options={streams.data.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
          />
        )
      }
    />
  );
}

function save(name: string, events: OutputLogEvent[]) {
  const text = events.map((each) => `${new Date(each.timestamp ?? 0).toISOString()} ${each.message}\n`).join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `${name.replaceAll("/", "-")}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Lines(props: { group: string; stream: string; live: boolean; choice: React.ReactNode }) {
  const { t } = useTranslation();
  const { group, stream, live } = props;
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(true);
  const [find, setFind] = useState("");
  const tail = useTail(group, stream, live && follow);
  const shown = useMemo(() => {
    const wanted = find.toLowerCase();
    return wanted ? tail.events.filter((each) => each.message?.toLowerCase().includes(wanted)) : tail.events;
  }, [tail.events, find]);
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${shown.length}${tail.older ? "+" : ""})`}
          description={<To href={place("/monitoring/logs", { group, stream })}>{`${group} · ${stream}`}</To>}
          actions={
            <SpaceBetween size="s" direction="horizontal" alignItems="center">
              {props.choice}
              <Input type="search" value={find} placeholder={t("logview.find")} ariaLabel={t("logview.find")}
                onChange={({ detail }) => setFind(detail.value)} />
              {live && (
                <Toggle checked={follow} onChange={({ detail }) => setFollow(detail.checked)}>
                  {t("logview.follow")}
                </Toggle>
              )}
              <Toggle checked={wrap} onChange={({ detail }) => setWrap(detail.checked)}>
                {t("logview.wrap")}
              </Toggle>
              <Button iconName="download" ariaLabel={t("logview.download")} onClick={() => save(stream, tail.events)} />
            </SpaceBetween>
          }
        >
          {t("jobs.logs")}
        </Header>
      }
    >
      {tail.error ? <Failed error={tail.error} retry={tail.retry} /> : null}
      {tail.older && (
        <Box textAlign="center">
          <Button variant="link" loading={tail.busy} onClick={tail.before}>
            {t("logview.older")}
          </Button>
        </Box>
      )}
      <Scroll events={shown} wrap={wrap} follow={follow && live} />
    </Container>
  );
}

/** Lines in chunks that browsers lay out only where they are seen. */
function Scroll({ events, wrap, follow }: { events: OutputLogEvent[]; wrap: boolean; follow: boolean }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && frame.current) {
      frame.current.scrollTop = frame.current.scrollHeight;
    }
  }, [events, follow]);
  const time = new Intl.DateTimeFormat(settings().language, { timeStyle: "medium" });
  const chunks = Array.from({ length: Math.ceil(events.length / CHUNK) }, (_, at) =>
    events.slice(at * CHUNK, (at + 1) * CHUNK),
  );
  return (
    <div ref={frame} className={wrap ? "log wrapped" : "log"} tabIndex={0} role="log" aria-label={t("jobs.logs")}>
      {chunks.map((chunk, at) => (
        <div key={at} className="chunk">
          {chunk.map((each, line) => (
            <div key={line} className={`row ${level(each.message ?? "")}`}>
              <span className="time">{time.format(each.timestamp)}</span>
              <span>{each.message}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
