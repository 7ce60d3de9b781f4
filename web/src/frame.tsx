import AppLayoutToolbar from "@cloudscape-design/components/app-layout-toolbar";
import BreadcrumbGroup, { type BreadcrumbGroupProps } from "@cloudscape-design/components/breadcrumb-group";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, lazy, Suspense, useContext, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import regions from "virtual:regions";
import { useFlash } from "./flash";
import { useFollow, useRegion } from "./links";
import { useRunning } from "./pages/running-rows";
import { signOut, type Session } from "./session";
import { choose, ROWS, useSettings, type Settings } from "./settings";
import { usePerHour } from "./usage";

const Flashes = lazy(() => import("./flashes"));
const Search = lazy(() => import("./search"));

type Crumbs = BreadcrumbGroupProps.Item[];

const Trail = createContext<(crumbs: Crumbs) => void>(() => {});

/** Names the page that is shown, in the trail above it and in the browser's tab. */
export function useTrail(crumbs: Crumbs): void {
  const set = useContext(Trail);
  const key = JSON.stringify(crumbs);
  useEffect(() => {
    set(JSON.parse(key) as Crumbs);
  }, [set, key]);
}

/** Every place that there is; what a user may not see there is said there. */
function navigation(t: (key: string) => string): SideNavigationProps.Item[] {
  const link = (name: string, href: string) => ({ type: "link" as const, text: t(`nav.${name}`), href });
  const section = (name: string, items: SideNavigationProps.Item[]) => ({
    type: "section" as const,
    text: t(`nav.${name}`),
    items,
  });
  return [
    link("home", "/"),
    link("running", "/running"),
    section("studio", [
      link("domains", "/studio/domains"),
      link("profiles", "/studio/users"),
      link("spaces", "/studio/spaces"),
      link("images", "/studio/images"),
      link("notebooks", "/studio/notebooks"),
    ]),
    section("work", [
      link("jobs", "/jobs"),
      link("models", "/models"),
      link("endpoints", "/endpoints"),
      link("configurations", "/endpoints/configurations"),
    ]),
    link("data", "/data"),
    section("monitoring", [
      link("logs", "/monitoring/logs"),
      link("metrics", "/monitoring/metrics"),
      link("alarms", "/monitoring/alarms"),
    ]),
    section("access", [
      link("users", "/access/users"),
      link("roles", "/access/roles"),
      link("policies", "/access/policies"),
    ]),
    link("cost", "/cost"),
  ];
}

/** What stands around every page: the bar, the navigation, the trail, and what was told. */
export function Frame({ session, children }: { session: Session; children: ReactNode }) {
  const { t } = useTranslation();
  const follow = useFollow();
  const location = useLocation();
  const [crumbs, setCrumbs] = useState<Crumbs>([]);
  const [open, setOpen] = useState(window.innerWidth > 900);
  const flashes = useFlash();
  const last = crumbs.at(-1)?.text;
  useEffect(() => {
    document.title = last ? `${last} · Atelier` : "Atelier";
  }, [last]);
  return (
    <Trail.Provider value={setCrumbs}>
      <Bar session={session} />
      <AppLayoutToolbar
        headerSelector="#bar"
        toolsHide
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        ariaLabels={{ navigation: t("nav.label"), navigationToggle: t("nav.open"), navigationClose: t("nav.close") }}
        navigation={
          <SideNavigation
            header={{ text: "Atelier", href: "/" }}
            activeHref={location.pathname.replace(/^\/data\/.*/, "/data")}
            items={navigation(t)}
            onFollow={follow}
          />
        }
        breadcrumbs={
          crumbs.length > 1 ? (
            <BreadcrumbGroup items={crumbs} onFollow={follow} ariaLabel={t("nav.trail")} />
          ) : undefined
        }
        notifications={
          flashes.items.length > 0 && (
            <Suspense>
              <Flashes />
            </Suspense>
          )
        }
        content={children}
      />
    </Trail.Provider>
  );
}

type Words = (key: string, values?: { count: number }) => string;

function regionMenu(t: Words, region: string, show: (region: string) => void): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    text: region,
    ariaLabel: `${t("bar.region")}: ${region}`,
    items: regions.map(({ name, description }) => ({
      id: name,
      text: name,
      description,
      itemType: "checkbox" as const,
      checked: name === region,
    })),
    onItemClick: ({ detail }) => show(detail.id),
  };
}

/** What a user chooses to see; each choice is kept at once. */
function settingsMenu(t: Words, chosen: Settings): TopNavigationProps.MenuDropdownUtility {
  const option = (name: keyof Settings, value: string, text: string) => ({
    id: `${name}=${value}`,
    text,
    itemType: "checkbox" as const,
    checked: String(chosen[name]) === value,
  });
  return {
    type: "menu-dropdown",
    iconName: "settings",
    ariaLabel: t("bar.settings"),
    title: t("bar.settings"),
    items: [
      { text: t("bar.language"), items: [option("language", "en", "English"), option("language", "zh-CN", "中文")] },
      {
        text: t("bar.theme"),
        items: [
          option("theme", "system", t("bar.themeSystem")),
          option("theme", "light", t("bar.themeLight")),
          option("theme", "dark", t("bar.themeDark")),
        ],
      },
      {
        text: t("bar.density"),
        items: [
          option("density", "comfortable", t("bar.densityComfortable")),
          option("density", "compact", t("bar.densityCompact")),
        ],
      },
      { text: t("list.rows"), items: ROWS.map((count) => option("rows", String(count), t("list.rowsOf", { count }))) },
    ],
    onItemClick: ({ detail }) => {
      const [name, value] = detail.id.split("=");
      choose({ [name as keyof Settings]: name === "rows" ? Number(value) : value });
    },
  };
}

/** The bar at the top: region, choices, who is signed in. */
function Bar({ session }: { session: Session }) {
  const { t } = useTranslation();
  const chosen = useSettings();
  const [region, show] = useRegion();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { fail } = useFlash();
  const follow = useFollow();
  const running = useRunning();
  const perHour = usePerHour();
  const act = (id: string) => {
    if (id === "sign-out") {
      signOut().then(() => {
        queries.clear();
        void navigate("/sign-in");
      }, fail);
      return;
    }
    void navigate(`/${id}`);
  };
  return (
    <div id="bar" style={{ position: "sticky", top: 0, zIndex: 1002 }}>
      <TopNavigation
        identity={{
          href: "/",
          logo: { src: "/wordmark.svg", alt: "Atelier" },
          onFollow: (event) => {
            event.preventDefault();
            void navigate("/");
          },
        }}
        search={
          <Suspense>
            <Search />
          </Suspense>
        }
        utilities={[
          ...(running.items.length
            ? [
                {
                  type: "button" as const,
                  iconName: "status-in-progress" as const,
                  text: [t("running.now", { count: running.items.length }), perHour && t("running.perHour", { amount: perHour })]
                    .filter(Boolean)
                    .join(" · "),
                  href: "/running",
                  onFollow: follow as never,
                },
              ]
            : []),
          regionMenu(t, region, show),
          settingsMenu(t, chosen),
          {
            type: "menu-dropdown",
            iconName: "user-profile",
            text: session.user,
            ariaLabel: `${t("bar.user")}: ${session.user}`,
            description: t("bar.account", { account: session.account }),
            items: [
              { id: "security", text: t("security.title") },
              { id: "sign-out", text: t("bar.signOut") },
            ],
            onItemClick: ({ detail }) => act(detail.id),
          },
        ]}
      />
    </div>
  );
}
