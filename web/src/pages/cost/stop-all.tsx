import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFlash } from "../../flash";
import { own } from "../../own-api";
import { Plain } from "./plain";

interface Outcome {
  stopped: string[];
  refused: { resource: string; reason: string }[];
}

/** Ends everything that runs and that the user may end; endpoints only where it is said. */
export function StopAll() {
  const { t } = useTranslation();
  const { tell } = useFlash();
  const [asking, setAsking] = useState(false);
  const [endpoints, setEndpoints] = useState(false);
  const stop = async () => {
    const { stopped, refused } = (await (await own("POST", "/studio-api/stop-all", { endpoints })).json()) as Outcome;
    if (refused.length) {
      tell({
        type: "warning",
        header: t("cost.refused", { count: refused.length }),
        content: refused.map((each) => `${each.resource}: ${each.reason}`).join("\n"),
      });
    }
    tell({ type: "success", header: t("running.stopping", { count: stopped.length }) });
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("cost.stopAll")}</Button>
      {asking && (
        <Plain title={t("cost.stopAll")} ready done={t("cost.asked")} act={stop} close={() => setAsking(false)}>
          <div>{t("cost.stopAllSays")}</div>
          <Checkbox checked={endpoints} onChange={({ detail }) => setEndpoints(detail.checked)}>
            {t("cost.endpointsToo")}
          </Checkbox>
        </Plain>
      )}
    </>
  );
}
