import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { useFlash } from "./flash";
import { AsCode, type Requested } from "./form";

interface DialogProps {
  title: string;
  /** Said when it is done. */
  done: string;
  /** The request that the fields make, as it is shown as code. */
  request: Requested;
  ready: boolean;
  act: () => Promise<unknown>;
  close: (changed: boolean) => void;
  /** The fields, which show what AWS says about each. */
  children: (error: unknown) => ReactNode;
}

/** The two ways out of a form. */
export function Choice(props: { verb: string; busy: boolean; ready: boolean; act: () => void; leave: () => void }) {
  const { t } = useTranslation();
  return (
    <Box float="right">
      <SpaceBetween size="xs" direction="horizontal">
        <Button variant="link" onClick={props.leave}>
          {t("action.cancel")}
        </Button>
        <Button variant="primary" loading={props.busy} disabled={!props.ready} onClick={props.act}>
          {props.verb}
        </Button>
      </SpaceBetween>
    </Box>
  );
}

/** A small form in front of the page: what it sends is shown as code, and what is refused stands beside its field. */
export function Dialog(props: DialogProps) {
  const { t } = useTranslation();
  const { tell } = useFlash();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async () => {
    setBusy(true);
    try {
      await props.act();
      tell({ type: "success", header: props.done });
      props.close(true);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      header={props.title}
      closeAriaLabel={t("action.cancel")}
      onDismiss={() => props.close(false)}
      footer={
        <Choice verb={t("action.create")} busy={busy} ready={props.ready} act={() => void act()} leave={() => props.close(false)} />
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && <Failed error={error} />}
        <div className="fields">{props.children(error)}</div>
        <ExpandableSection headerText={t("form.sameAsCode")}>
          <AsCode {...props.request} />
        </ExpandableSection>
      </SpaceBetween>
    </Modal>
  );
}

/** Whether a form stands in front of the page, how to open it, and how it is closed: what it changed is read anew. */
export function useForm(refresh: () => void): [boolean, () => void, (changed: boolean) => void] {
  const [shown, show] = useState(false);
  const close = (changed: boolean) => {
    show(false);
    if (changed) {
      refresh();
    }
  };
  return [shown, () => show(true), close];
}
