import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useTranslation } from "react-i18next";
import { useQuestion } from "../confirm";
import { useTrail } from "../frame";
import { To } from "../links";
import { Nothing } from "../nothing";
import { plain, Status } from "../status";
import { ResourceTable } from "../table";
import { usePerHour } from "../usage";
import { When } from "../when";
import { deletion as endpointDeletion } from "./hosting/endpoint-rows";
import { stoppable, stopping } from "./jobs/rows";
import { IdleApps } from "./idle-apps";
import { halt } from "./notebooks/rows";
import { useRunning, type Running } from "./running-rows";
import { deleteApp } from "./studio/apps";

const RUNNING = "/running";

const gone = (each: Running) => ["Stopping", "Deleting"].includes(each.status);

/** What runs now, and one button that stops what is chosen. */
export default function RunningPage() {
  const { t } = useTranslation();
  useTrail([{ text: t("nav.running"), href: RUNNING }]);
  const rows = useRunning();
  const perHour = usePerHour();
  const { ask, asked } = useQuestion(rows.refresh);
  const stop = (chosen: Running[]) => {
    const kinds = new Map(chosen.map((each) => [each.title, each]));
    ask({
      title: t("running.stop", { count: chosen.length }),
      verb: t("jobs.stopVerb"),
      names: chosen.map((each) => each.title),
      says: t("running.stopSays"),
      done: t("running.stopping", { count: chosen.length }),
      act: async (title) => {
        const each = kinds.get(title);
        if (each?.kind === "app") {
          return deleteApp(each.name);
        }
        const { act } =
          each?.kind === "job" ? stopping(t, []) : each?.kind === "notebook" ? halt(t, []) : endpointDeletion(t, []);
        return act(each?.name ?? "");
      },
    });
  };
  return (
    <SpaceBetween size="l">
      <ResourceTable
        title={t("nav.running")}
        description={perHour ? `${t("running.text")} ${t("running.cost", { amount: perHour })}` : t("running.text")}
        rows={rows}
        trackBy={(each) => `${each.kind} ${each.name}`}
        label={(each) => each.title}
        columns={[
          { id: "name", header: t("data.name"), value: (each) => each.title, cell: (each) => <To href={each.href}>{each.title}</To>, width: 300 },
          { id: "kind", header: t("jobs.kind"), choice: true, value: (each) => t(`running.${each.kind}`), cell: (each) => t(`running.${each.kind}`), width: 140 },
          { id: "status", header: t("resource.status"), choice: true, value: (each) => plain(each.status), cell: (each) => <Status value={each.status} />, width: 160 },
          { id: "instance", header: t("studio.instance"), choice: true, value: (each) => each.instance, cell: (each) => each.instance ?? "–", width: 175 },
          { id: "created", header: t("running.since"), value: (each) => each.since, cell: (each) => <When at={each.since} />, width: 370 },
        ]}
        actions={(chosen) => (
          <Button
            variant="primary"
            disabled={!chosen.length || chosen.some(gone) || chosen.some((each) => each.kind === "job" && !stoppable(each.status))}
            onClick={() => stop(chosen)}
          >
            {t("jobs.stopVerb")}
          </Button>
        )}
        empty={<Nothing text={t("running.none")} />}
      />
      <IdleApps />
      {asked}
    </SpaceBetween>
  );
}
