import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Reason, title } from "./failed";
import { useFlash } from "./flash";
import { removeAll, versioned, type Entry, type Refused } from "./s3";

const SHOWN = 10;

/** What was refused, each in the words of the service. */
function RefusedKeys({ refused }: { refused: Refused[] }) {
  const { t } = useTranslation();
  return (
    <SpaceBetween size="s">
      {refused.slice(0, SHOWN).map((each) => (
        <div key={each.key}>
          <Box variant="code">{each.key}</Box>
          <Reason error={{ name: each.code, message: each.message }} />
        </div>
      ))}
      {refused.length > SHOWN && <div>{t("list.andMore", { count: refused.length - SHOWN })}</div>}
    </SpaceBetween>
  );
}

/** Asks before objects are deleted, and tells what came of it. */
export function Deletion(props: { bucket: string; chosen: Entry[]; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const { tell, fail } = useFlash();
  const [busy, setBusy] = useState(false);
  const versions = useQuery({ queryKey: ["versioned", props.bucket], queryFn: async () => (await versioned(props.bucket)) ?? null });
  const folders = props.chosen.some((each) => each.folder);
  const remove = async () => {
    setBusy(true);
    try {
      const { removed, refused } = await removeAll(props.bucket, props.chosen);
      if (removed > 0) {
        tell({ type: "success", header: t("data.deleted", { count: removed }) });
      }
      if (refused.length > 0) {
        tell({
          type: "error",
          header: `${title(t, { name: refused[0]?.code, message: refused[0]?.message })} · ${t("data.kept", { count: refused.length })}`,
          content: <RefusedKeys refused={refused} />,
        });
      }
      props.close(true);
    } catch (error) {
      // what came before the failure is gone: the list behind must not show it
      fail(error);
      props.close(true);
    }
  };
  return (
    <Modal
      visible
      header={t("data.deleteTitle", { count: props.chosen.length })}
      closeAriaLabel={t("action.cancel")}
      onDismiss={() => props.close(false)}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={() => props.close(false)}>
              {t("action.cancel")}
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void remove()}>
              {t("data.delete")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{t("data.deleteFrom", { bucket: props.bucket })}</Box>
        <ul>
          {props.chosen.slice(0, SHOWN).map((each) => (
            <li key={each.key}>
              <Box variant="code">{each.key}</Box>
            </li>
          ))}
          {props.chosen.length > SHOWN && <li>{t("list.andMore", { count: props.chosen.length - SHOWN })}</li>}
        </ul>
        {folders && <Box variant="p">{t("data.deleteFolders")}</Box>}
        {!versions.isPending && (
          <Alert type={versions.data ? "info" : "warning"} statusIconAriaLabel={t("status.info")}>
            {t(
              versions.data
                ? "data.deleteVersioned"
                : versions.data === null
                  ? "data.deleteUnknown"
                  : "data.deleteForGood",
            )}
          </Alert>
        )}
      </SpaceBetween>
    </Modal>
  );
}
