import Link, { type LinkProps } from "@cloudscape-design/components/link";
import { useCallback, useEffect } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { choose, isRegion, useSettings } from "./settings";

export { place } from "./place";

/** Follows plain clicks within the page; others open tabs, as links do. */
export function useFollow() {
  const navigate = useNavigate();
  return useCallback(
    (event: CustomEvent<{ href?: string; external?: boolean }>) => {
      if (event.detail.href && !event.detail.external) {
        event.preventDefault();
        void navigate(event.detail.href);
      }
    },
    [navigate],
  );
}

/** A real link to one of the pages. */
export function To({ href, children, ...rest }: LinkProps & { href: string }) {
  const follow = useFollow();
  return (
    <Link {...rest} href={href} onFollow={follow}>
      {children}
    </Link>
  );
}

/** One value of the address, and how to change it. */
export function useParam(name: string): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setParams(
        (known) => {
          const next = new URLSearchParams(known);
          if (value) {
            next.set(name, value);
          } else {
            next.delete(name);
          }
          return next;
        },
        { replace: true },
      ),
    [name, setParams],
  );
  return [params.get(name) ?? "", set];
}

/** Keeps the region in the address: what comes with a region shows it, and the rest takes the last one along. */
export function useRegion(): [string, (region: string) => void] {
  const { region } = useSettings();
  const [wanted, want] = useParam("region");
  useEffect(() => {
    if (!isRegion(wanted)) {
      want(region);
    } else if (wanted !== region) {
      choose({ region: wanted });
    }
  }, [wanted, want, region]);
  return [region, want];
}
