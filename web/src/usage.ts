import { useQuery } from "@tanstack/react-query";
import { own } from "./own-api";
import { settings, useSettings } from "./settings";

/** A machine that ran, or runs. */
export interface Entry {
  id: number;
  kind: string;
  resource: string;
  domain?: string;
  user?: string;
  instanceType: string;
  instances: number;
  startedAt: string;
  endedAt?: string;
  pricePerHour?: number;
  hours: number;
  cost: number;
}

/** A sum over entries, and what they have in common. */
export interface Group {
  domain?: string;
  user?: string;
  instanceType?: string;
  kind?: string;
  hours: number;
  cost: number;
}

export interface Usage {
  currency: string;
  priceSource: string;
  from: string;
  to: string;
  cost: number;
  hours: number;
  perHourNow: number;
  byUser: Group[];
  byInstanceType: Group[];
  byKind: Group[];
  entries: Entry[];
  /** How many older entries the sums hold and the list does not. */
  leftOut: number;
}

export interface Budget {
  domain?: string;
  user?: string;
  monthly: number;
  spent: number;
  usedUp: boolean;
}

/** Kinds of resources whose beginnings and ends change what is running. */
const KINDS = ["app", "endpoint", "training-job", "notebook-instance"];
const EVERY_MS = 60_000;

/** What ran since a moment, and what it cost. */
export function useUsage(from: Date) {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["usage", region, from.getTime()],
    meta: { live: KINDS },
    refetchInterval: EVERY_MS,
    queryFn: async () =>
      (await (await own("GET", `/studio-api/usage?from=${from.toISOString()}`)).json()) as Usage,
  });
}

/** When this month began, in UTC, as the ledger has it. */
export function thisMonth(): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
}

/** What runs now costs so much per hour, in words; empty where nobody may know, or nothing costs. */
export function usePerHour(): string {
  const { data } = useUsage(thisMonth());
  return data && data.perHourNow > 0 ? money(data.perHourNow, data.currency) : "";
}

export function useBudgets() {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["budgets", region],
    queryFn: async () => ((await (await own("GET", "/studio-api/budgets")).json()) as { budgets: Budget[] }).budgets,
  });
}

/** An amount of money; small ones keep their digits. */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat(settings().language, {
    style: "currency",
    currency,
    maximumFractionDigits: amount !== 0 && Math.abs(amount) < 1 ? 4 : 2,
  }).format(amount);
}

/** Whose something is: a user in a domain, a domain, a principal, or nobody that is known. */
export function payer(of: { domain?: string; user?: string }): string {
  return [of.domain, of.user].filter(Boolean).join(" / ");
}

/** What each instance type cost on each day, as far as the entries tell; days are those of UTC, as ledgers have them. */
export function daily(entries: Entry[], from: Date, to: Date): { days: Date[]; types: Map<string, number[]> } {
  const day = 86_400_000;
  const first = Math.floor(from.getTime() / day) * day;
  const days = Array.from({ length: Math.max(1, Math.ceil((to.getTime() - first) / day)) }, (_, at) => new Date(first + at * day));
  const types = new Map<string, number[]>();
  entries.forEach((entry) => {
    const begun = Math.max(Date.parse(entry.startedAt), from.getTime());
    const ended = Math.min(entry.endedAt ? Date.parse(entry.endedAt) : to.getTime(), to.getTime());
    const costs = types.get(entry.instanceType) ?? days.map(() => 0);
    days.forEach((start, at) => {
      const within = Math.min(ended, start.getTime() + day) - Math.max(begun, start.getTime());
      costs[at] = (costs[at] ?? 0) + (Math.max(0, within) / 3_600_000) * entry.instances * (entry.pricePerHour ?? 0);
    });
    types.set(entry.instanceType, costs);
  });
  return { days, types };
}
