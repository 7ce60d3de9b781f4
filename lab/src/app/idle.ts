/** How an app stands with those who end apps that nobody uses. */
export interface Outlook {
  /** Minutes without use after which it is ended; absent where nothing ends it. */
  minutes?: number;
  /** When it will be ended if nobody uses it before; absent while it is busy. */
  stopsAt?: string;
  /** Why it goes on, in sentences. */
  reasons: string[];
}

/** Minutes before the end at which one is told. */
const NOTICES = [1, 5, 10];

/** Whole minutes that are left, and the notice that is due by then; nothing while there is time. */
export interface Countdown {
  minutes: number;
  notice: number;
}

export function countdown({ stopsAt }: Outlook, now: number): Countdown | undefined {
  const minutes = stopsAt === undefined ? Infinity : Math.max(0, Math.ceil((new Date(stopsAt).getTime() - now) / 60_000));
  const notice = NOTICES.find((each) => minutes <= each);
  return notice === undefined ? undefined : { minutes, notice };
}
