import type { QueryClient } from "@tanstack/react-query";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { OWN_PAGE } from "./session";

declare module "@tanstack/react-query" {
  interface Register {
    /** Which kinds of resources an answer depends on: it is asked for anew when one of them changes. */
    queryMeta: { live?: readonly string[] };
  }
}

/** What to read anew: the ARNs of what changed, or everything, after a time in which nothing was heard. */
export type News = string[] | "all";

const NAME = "atelier.events";
const GATHERED_MS = 300;
const LONGEST_WAIT_MS = 30_000;

/** The kind of resource that an ARN names, such as training-job. */
export function kindOf(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:([a-z-]+)/.exec(arn)?.[1] ?? "";
}

/** Reads anew what depends on what changed; changes that come together are one reading. */
function reader(queries: QueryClient): (news: News) => void {
  let kinds = new Set<string>();
  let waiting = false;
  return (news) => {
    (news === "all" ? ["*"] : news.map(kindOf)).forEach((kind) => kinds.add(kind));
    if (!waiting) {
      waiting = true;
      setTimeout(() => {
        const changed = kinds;
        kinds = new Set();
        waiting = false;
        void queries.invalidateQueries({
          predicate: ({ meta }) => meta?.live?.some((kind) => changed.has("*") || changed.has(kind)) ?? false,
        });
      }, GATHERED_MS);
    }
  };
}

/** One connection, until it ends; false when there is no session to follow. */
async function listen(signal: AbortSignal, tell: (news: News) => void, opened: () => void): Promise<boolean> {
  const answer = await fetch("/events", { headers: OWN_PAGE, cache: "no-store", signal });
  if (!answer.ok || !answer.body) {
    return answer.status !== 401;
  }
  const events = answer.body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events as unknown as AsyncIterable<{ event?: string; data: string }>) {
    if (event === "open") {
      opened();
      tell("all");
    } else if (event === "lost") {
      tell("all");
    } else if (event === "changed") {
      tell(JSON.parse(data) as string[]);
    } else if (event === "end") {
      return false;
    }
  }
  return true;
}

/** Follows what happens for as long as there is a session, again and again when the line breaks. */
async function keepListening(signal: AbortSignal, tell: (news: News) => void): Promise<void> {
  let wait = 0;
  for (let going = true; going && !signal.aborted; ) {
    going = await listen(signal, tell, () => (wait = 0)).catch(() => !signal.aborted);
    wait = Math.min(LONGEST_WAIT_MS, wait * 2 + 500 + Math.random() * 500);
    await new Promise((done) => setTimeout(done, going ? wait : 0));
  }
}

/**
 * Keeps what is shown true. Of all tabs one listens and tells the others: browsers keep few connections to a host open,
 * and each tab's own would soon leave none for calls.
 */
export function follow(queries: QueryClient): () => void {
  const left = new AbortController();
  const channel = new BroadcastChannel(NAME);
  const read = reader(queries);
  channel.onmessage = ({ data }: MessageEvent<News>) => read(data);
  const tell = (news: News) => {
    channel.postMessage(news);
    read(news);
  };
  navigator.locks
    .request(NAME, { signal: left.signal }, () => keepListening(left.signal, tell))
    .catch((error: unknown) => {
      if (!left.signal.aborted) {
        throw error;
      }
    });
  return () => {
    left.abort();
    channel.close();
  };
}
