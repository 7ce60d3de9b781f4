import { useQuery } from "@tanstack/react-query";
import { own } from "./own-api";
import { useSettings } from "./settings";

const PATH = "/studio-api/idle";
const EVERY_MS = 30_000;

/** An app, since when nobody uses it, and what keeps it from being ended. */
export interface Idle {
  arn: string;
  domain: string;
  userProfile?: string;
  space?: string;
  idleSince: string;
  /** After how many minutes of idleness it is ended; left out where it never is. */
  minutes?: number;
  stopsAt?: string;
  reasons: string[];
}

/** Every app that runs, and how it stands with being ended for idleness. */
export function useIdle() {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["idle", region],
    meta: { live: ["app"] },
    refetchInterval: EVERY_MS,
    queryFn: async () => ((await (await own("GET", PATH)).json()) as { apps: Idle[] }).apps,
  });
}

/** Keeps an app for some minutes, whatever it does. */
export function keep(arn: string, minutes: number): Promise<Response> {
  return own("POST", PATH, { arn, minutes });
}
