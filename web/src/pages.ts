import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

/** One answer of a listing operation. */
export interface Page<T> {
  items: T[];
  /** How to ask for the next page; undefined at the end. */
  next?: string;
}

/** All pages of a listing of which a page shows the whole. */
export async function every<T>(load: (token?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await load(next);
    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}

export interface Pages<T> {
  items: T[];
  loading: boolean;
  error: unknown;
  /** The number shown beside the title: what is known, with a plus when there is more. */
  counter: string;
  page: number;
  pageCount: number;
  more: boolean;
  turn(to: number): void;
  refresh(): void;
}

/** How a page is asked for; the signal says that nobody waits for it any more. */
type Load<T> = (token: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/**
 * Asks on while pages are empty and more follow: a search hands out what it has found so far, which may be nothing, and is
 * at its end only where no token follows.
 */
export function untilFound<T>(load: Load<T>): Load<T> {
  return async (token, signal) => {
    let page = await load(token, signal);
    while (!page.items.length && page.next) {
      signal.throwIfAborted();
      page = await load(page.next, signal);
    }
    return page;
  };
}

/** The pages to turn to: a search may end with one that is empty. */
export function filled<T>(pages: Page<T>[]): Page<T>[] {
  return pages.filter((page, at) => at === 0 || page.items.length);
}

/**
 * Pages of a list as the server hands them out: the next one is asked for when it is turned to.
 *
 * @param live kinds of resources that the list tells of, as ARNs name them
 */
export function usePages<T>(
  key: readonly unknown[],
  load: Load<T>,
  { enabled = true, live }: { enabled?: boolean; live?: readonly string[] } = {},
): Pages<T> {
  const place = JSON.stringify(key);
  const [at, setAt] = useState({ place, page: 1 });
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    enabled,
    meta: { live },
  });
  const pages = filled(query.data?.pages ?? []);
  const page = at.place === place ? Math.min(at.page, Math.max(1, pages.length)) : 1;
  const known = pages.reduce((sum, each) => sum + each.items.length, 0);
  return {
    items: pages[page - 1]?.items ?? [],
    loading: query.isPending ? enabled : query.isFetchingNextPage,
    error: query.error,
    counter: query.data ? `(${known}${query.hasNextPage ? "+" : ""})` : "",
    page,
    pageCount: Math.max(1, pages.length),
    more: query.hasNextPage,
    turn: (to) => {
      if (to > pages.length && query.hasNextPage) {
        void query.fetchNextPage().then(() => setAt({ place, page: to }));
      } else {
        setAt({ place, page: Math.min(to, Math.max(1, pages.length)) });
      }
    },
    refresh: () => void query.refetch(),
  };
}
