import Spinner from "@cloudscape-design/components/spinner";

/** In place of a page that is on its way. */
export function Waiting() {
  return (
    <div style={{ display: "grid", placeItems: "center", minHeight: "60vh" }}>
      <Spinner size="large" />
    </div>
  );
}
