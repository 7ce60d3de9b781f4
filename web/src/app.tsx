import I18nProvider, { type I18nProviderProps } from "@cloudscape-design/components/i18n";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { onSessionEnd } from "./clients";
import { Failed } from "./failed";
import { FlashProvider } from "./flash";
import { Frame } from "./frame";
import { place } from "./links";
import { currentSession } from "./session";
import { type Settings, useSettings } from "./settings";
import { show } from "./theme";

const SignIn = lazy(() => import("./pages/sign-in"));
const Home = lazy(() => import("./pages/home"));
const Buckets = lazy(() => import("./pages/buckets"));
const ObjectPage = lazy(() => import("./pages/object"));
const Logs = lazy(() => import("./pages/logs"));
const Metrics = lazy(() => import("./pages/metrics"));
const Alarms = lazy(() => import("./pages/alarms"));
const Users = lazy(() => import("./pages/users"));
const Roles = lazy(() => import("./pages/roles"));
const Policies = lazy(() => import("./pages/policies"));
const Absent = lazy(() => import("./pages/absent"));

type Messages = ReadonlyArray<I18nProviderProps.Messages>;

/** Cloudscape's own texts, in the language that is shown. */
function useMessages(language: Settings["language"]): Messages {
  const [messages, setMessages] = useState<Messages>([]);
  useEffect(() => {
    let wanted = true;
    const load =
      language === "zh-CN"
        ? import("@cloudscape-design/components/i18n/messages/all.zh-CN")
        : import("@cloudscape-design/components/i18n/messages/all.en");
    void load.then((loaded) => wanted && setMessages([loaded.default]));
    return () => {
      wanted = false;
    };
  }, [language]);
  return messages;
}

export function App() {
  const settings = useSettings();
  const { i18n } = useTranslation();
  const messages = useMessages(settings.language);
  useEffect(() => {
    show(settings);
    void i18n.changeLanguage(settings.language);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => show(settings);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [settings, i18n]);
  return (
    <I18nProvider locale={settings.language} messages={messages}>
      <FlashProvider>
        <Suspense fallback={<Waiting />}>
          <Routes>
            <Route path="/sign-in" element={<SignIn />} />
            <Route path="*" element={<SignedIn />} />
          </Routes>
        </Suspense>
      </FlashProvider>
    </I18nProvider>
  );
}

function Waiting() {
  return (
    <div style={{ display: "grid", placeItems: "center", minHeight: "60vh" }}>
      <Spinner size="large" />
    </div>
  );
}

/** The pages behind the sign-in. */
function SignedIn() {
  const session = useQuery({ queryKey: ["session"], queryFn: currentSession, staleTime: 60_000 });
  const queries = useQueryClient();
  const location = useLocation();
  const navigate = useNavigate();
  const here = location.pathname + location.search;
  useEffect(() => {
    onSessionEnd(() => {
      queries.clear();
      void navigate(place("/sign-in", { to: here, ended: "1" }));
    });
  }, [queries, navigate, here]);
  if (session.isPending) {
    return <Waiting />;
  }
  if (session.isError) {
    return <Failed error={session.error} retry={() => void session.refetch()} />;
  }
  if (!session.data) {
    return <Navigate to={place("/sign-in", { to: here === "/" ? undefined : here })} replace />;
  }
  return (
    <Frame session={session.data}>
      <Suspense fallback={<Waiting />}>
        <Routes>
          <Route path="/" element={<Home session={session.data} />} />
          <Route path="/data" element={<Buckets />} />
          <Route path="/data/object" element={<ObjectPage />} />
          <Route path="/monitoring/logs" element={<Logs />} />
          <Route path="/monitoring/metrics" element={<Metrics />} />
          <Route path="/monitoring/alarms" element={<Alarms />} />
          <Route path="/access/users" element={<Users />} />
          <Route path="/access/roles" element={<Roles />} />
          <Route path="/access/policies" element={<Policies />} />
          <Route path="*" element={<Absent />} />
        </Routes>
      </Suspense>
    </Frame>
  );
}
