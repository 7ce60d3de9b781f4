import { GetLogEventsCommand, type OutputLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { useCallback, useEffect, useRef, useState } from "react";
import { logs } from "./clients/logs";

const EVERY_MS = 2_000;
/** What a page keeps of a stream; older lines are read in the browser of log groups. */
const MOST = 20_000;
/** An answer holds ten thousand events, and a mebibyte, at most. */
const MOST_EVENTS = 10_000;
const MOST_CHARACTERS = 500_000;

/** Whether an answer is as long as answers may be, so that there may be more than it holds. */
function whole(events: OutputLogEvent[]): boolean {
  return events.length >= MOST_EVENTS || events.reduce((sum, each) => sum + (each.message?.length ?? 0), 0) > MOST_CHARACTERS;
}

interface Tail {
  events: OutputLogEvent[];
  /** Whether the stream may hold lines before those. */
  older: boolean;
  busy: boolean;
  error: unknown;
  before(): void;
  retry(): void;
}

/** The last lines of a stream, then those before them when asked for, and those that come. */
export function useTail(group: string, stream: string, follow: boolean): Tail {
  const [events, setEvents] = useState<OutputLogEvent[]>([]);
  const [older, setOlder] = useState(false);
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const tokens = useRef<{ back?: string; forth?: string }>({});
  const read = useCallback(
    (nextToken?: string) =>
      logs.send(
        new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, startFromHead: false, nextToken }),
      ),
    [group, stream],
  );
  useEffect(() => {
    let wanted = true;
    let timer = 0;
    const on = async () => {
      try {
        const first = !tokens.current.forth;
        const answer = await read(tokens.current.forth);
        if (!wanted) {
          return;
        }
        tokens.current.forth = answer.nextForwardToken;
        tokens.current.back ??= answer.nextBackwardToken;
        const came = answer.events ?? [];
        setOlder((before) => (first ? whole(came) : before));
        if (came.length) {
          setEvents((before) => [...before, ...came].slice(-MOST));
        }
        setError(null);
      } catch (failed) {
        if (wanted) {
          setError(failed);
        }
      }
      setBusy(false);
      if (wanted && follow) {
        timer = window.setTimeout(() => void on(), EVERY_MS);
      }
    };
    void on();
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [read, follow, round]);
  const before = () => {
    setBusy(true);
    read(tokens.current.back).then(
      (answer) => {
        const gone = answer.events ?? [];
        setOlder(gone.length > 0 && answer.nextBackwardToken !== tokens.current.back);
        tokens.current.back = answer.nextBackwardToken;
        setEvents((known) => [...gone, ...known].slice(0, MOST));
        setBusy(false);
      },
      (failed) => {
        setError(failed);
        setBusy(false);
      },
    );
  };
  return { events, older, busy, error, before, retry: () => setRound(round + 1) };
}
