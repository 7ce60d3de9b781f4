import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Page } from "./pages";

/** What is asked of the API for one list; what lies beyond is found with its filters. */
export const MOST_ROWS = 1_000;
/** The most that SageMaker hands out in one answer. */
export const PAGE_ROWS = 100;

/** For how long rows are not held after somebody did something to them. */
const FREE_MS = 10_000;

export interface Rows<T> {
  items: T[];
  loading: boolean;
  error: unknown;
  /** How many there are; with a plus when there are more than were read. */
  counter: string;
  /** How many came while the list was held, and how many of those shown are gone. */
  fresh: number;
  gone: number;
  /** Keeps the rows in their places, as while the pointer is over them. */
  hold(on: boolean): void;
  /** Shows what came. */
  show(): void;
  refresh(): void;
}

/** Every page of a listing, up to the most that a list shows. */
export async function gathered<T>(
  load: (token?: string) => Promise<Page<T>>,
  most = MOST_ROWS,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await load(next);
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < most);
  return { items, more: next !== undefined };
}

/** Rows in the places that they had, with what they are now; what is new is counted, and what is gone stays. */
export function kept<T>(shown: T[], now: T[], trackBy: (item: T) => string) {
  const known = new Map(now.map((item) => [trackBy(item), item]));
  const items = shown.map((item) => known.get(trackBy(item)) ?? item);
  const places = new Set(shown.map(trackBy));
  return {
    items,
    fresh: now.filter((item) => !places.has(trackBy(item))).length,
    gone: shown.filter((item) => !known.has(trackBy(item))).length,
  };
}

/**
 * All rows of a list, read anew when a resource of one of the kinds changes.
 *
 * @param live kinds of resources, as ARNs name them
 */
export function useRows<T>(
  key: readonly unknown[],
  live: readonly string[],
  load: (token?: string) => Promise<Page<T>>,
  trackBy: (item: T) => string,
): Rows<T> {
  const query = useQuery({ queryKey: key, queryFn: () => gathered(load), meta: { live } });
  const place = JSON.stringify(key);
  const [held, setHeld] = useState<{ place: string; items: T[] } | null>(null);
  const now = query.data?.items;
  const free = useRef(0);
  const shown = useMemo(
    () => (now && held?.place === place ? kept(held.items, now, trackBy) : { items: now ?? [], fresh: 0, gone: 0 }),
    // trackBy is written where it is used, and the same for every key
    [now, held, place],
  );
  const hold = useCallback(
    (on: boolean) =>
      setHeld(on && now?.length && Date.now() > free.current ? (before) => before ?? { place, items: now } : null),
    [now, place],
  );
  return {
    ...shown,
    hold,
    show: () => setHeld(now ? { place, items: now } : null),
    loading: query.isPending,
    error: query.error,
    counter: query.data ? `(${query.data.items.length}${query.data.more ? "+" : ""})` : "",
    refresh: () => {
      // what somebody did is followed by what comes of it, wherever the pointer is
      free.current = Date.now() + FREE_MS;
      setHeld(null);
      void query.refetch();
    },
  };
}

/** Rows that are there already, as part of something that was read. */
export function given<T>(items: T[], refresh: () => void = () => {}): Rows<T> {
  const nothing = () => {};
  return {
    items,
    loading: false,
    error: null,
    counter: `(${items.length})`,
    fresh: 0,
    gone: 0,
    hold: nothing,
    show: nothing,
    refresh,
  };
}
