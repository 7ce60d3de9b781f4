import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { onSessionEnd } from "./clients";
import { Failed } from "./failed";
import { Frame } from "./frame";
import { place } from "./links";
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
