import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useTranslation } from "react-i18next";
import { useFlash } from "../flash";
import { keep, useIdle, type Idle } from "../idle";
import { Noun } from "../nouns";
import { moment } from "../numbers";
import { When } from "../when";

const MINUTES = 60;

/** Apps that are ended when nobody uses them: when that is, why not yet, and a way to put it off. */
export function IdleApps() {
  const { t } = useTranslation();
  const { tell, fail } = useFlash();
  const idle = useIdle();
  const hold = (arn: string) =>
    keep(arn, MINUTES).then(() => {
      tell({ type: "success", header: t("idle.kept", { count: MINUTES }) });
      void idle.refetch();
    }, fail);
  if (!idle.data?.length) {
    return null;
  }
  return (
    <Table<Idle>
      items={idle.data}
      trackBy="arn"
      resizableColumns
      ariaLabels={{ tableLabel: t("idle.title") }}
      header={
        <Header variant="h2" counter={`(${idle.data.length})`} description={t("idle.text")}>
          {t("idle.title")}
        </Header>
      }
      columnDefinitions={[
        { id: "app", header: t("running.app"), cell: (each) => <Noun arn={each.arn} />, isRowHeader: true, width: 200 },
        { id: "whose", header: t("cost.payer"), cell: (each) => each.space ?? each.userProfile ?? "–", width: 160 },
        { id: "since", header: t("idle.since"), cell: (each) => <When at={new Date(each.idleSince)} />, width: 370 },
        {
          id: "stops",
          header: t("idle.stops"),
          cell: (each) => (each.stopsAt ? moment(new Date(each.stopsAt)) : each.reasons.join(" ") || t("idle.never")),
          width: 320,
        },
        {
          id: "keep",
          header: t("idle.keep"),
          cell: (each) =>
            each.minutes ? (
              <Button variant="inline-link" onClick={() => void hold(each.arn)}>
                {t("idle.keepFor", { count: MINUTES })}
              </Button>
            ) : (
              "–"
            ),
          width: 180,
        },
      ]}
    />
  );
}
