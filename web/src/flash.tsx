import type { FlashbarProps } from "@cloudscape-design/components/flashbar";
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Reason, title } from "./failed";

interface Flash {
  type: FlashbarProps.Type;
  header: string;
  content?: ReactNode;
}

interface Flashes {
  items: (Flash & { id: string })[];
  tell(flash: Flash): void;
  fail(error: unknown): void;
  dismiss(id: string): void;
}

const Context = createContext<Flashes | null>(null);
let last = 0;

/** Holds what was told and not yet dismissed. */
export function FlashProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [items, setItems] = useState<(Flash & { id: string })[]>([]);
  const tell = useCallback(
    (flash: Flash) => setItems((known) => [{ ...flash, id: `flash-${++last}` }, ...known].slice(0, 5)),
    [],
  );
  const dismiss = useCallback((id: string) => setItems((known) => known.filter((each) => each.id !== id)), []);
  const value = useMemo(
    () => ({
      items,
      tell,
      dismiss,
      fail: (error: unknown) => tell({ type: "error", header: title(t, error), content: <Reason error={error} /> }),
    }),
    [items, tell, dismiss, t],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useFlash(): Flashes {
  const flashes = useContext(Context);
  if (!flashes) {
    throw new Error("there is no FlashProvider above");
  }
  return flashes;
}
