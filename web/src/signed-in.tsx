import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { Boundary } from "./boundary";
import { onSessionEnd } from "./clients/with-session";
import { Failed } from "./failed";
import { Frame } from "./frame";
import { place } from "./links";
import { follow } from "./live";
import { currentSession } from "./session";
import { Waiting } from "./waiting";

const Home = lazy(() => import("./pages/home"));
const Buckets = lazy(() => import("./pages/buckets"));
const ObjectPage = lazy(() => import("./pages/object"));
const Logs = lazy(() => import("./pages/logs"));
const Metrics = lazy(() => import("./pages/metrics"));
const Alarms = lazy(() => import("./pages/alarms"));
const Users = lazy(() => import("./pages/users"));
const Roles = lazy(() => import("./pages/roles"));
const Policies = lazy(() => import("./pages/policies"));
const Running = lazy(() => import("./pages/running"));
const Domains = lazy(() => import("./pages/studio/domains"));
const Profiles = lazy(() => import("./pages/studio/users"));
const Spaces = lazy(() => import("./pages/studio/spaces"));
const SharedSnapshot = lazy(() => import("./pages/studio/snapshot"));
const Images = lazy(() => import("./pages/studio/images"));
const Notebooks = lazy(() => import("./pages/notebooks"));
const Jobs = lazy(() => import("./pages/jobs/list"));
const Models = lazy(() => import("./pages/hosting/models"));
const Endpoints = lazy(() => import("./pages/hosting/endpoints"));
const Configurations = lazy(() => import("./pages/hosting/configurations"));
const Cost = lazy(() => import("./pages/cost"));
const Security = lazy(() => import("./pages/security"));
const Absent = lazy(() => import("./pages/absent"));

/** The pages behind the sign-in. */
export default function SignedIn() {
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
  // a session is told from the next by its end: whoever signs in anew is told anew
  const until = session.data?.expiresAt;
  useEffect(() => (until ? follow(queries) : undefined), [queries, until]);
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
      <Boundary place={here}>
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
            <Route path="/running" element={<Running />} />
            <Route path="/studio/domains" element={<Domains />} />
            <Route path="/studio/users" element={<Profiles />} />
            <Route path="/studio/spaces" element={<Spaces />} />
            <Route path="/studio/snapshots" element={<SharedSnapshot session={session.data} />} />
            <Route path="/studio/images" element={<Images />} />
            <Route path="/studio/notebooks" element={<Notebooks />} />
            <Route path="/jobs" element={<Jobs />} />
            <Route path="/models" element={<Models />} />
            <Route path="/endpoints" element={<Endpoints />} />
            <Route path="/endpoints/configurations" element={<Configurations />} />
            <Route path="/cost" element={<Cost />} />
            <Route path="/security" element={<Security session={session.data} />} />
            <Route path="*" element={<Absent />} />
          </Routes>
        </Suspense>
      </Boundary>
    </Frame>
  );
}
