import Modal from "@cloudscape-design/components/modal";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../dialog";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";

/** A small form of the console's own, for which there is no operation of AWS's. */
export function Plain(props: {
  title: string;
  done: string;
  ready: boolean;
  act: () => Promise<unknown>;
  close: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { tell } = useFlash();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async () => {
    setBusy(true);
    try {
      await props.act();
      tell({ type: "success", header: props.done });
      props.close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      header={props.title}
      closeAriaLabel={t("action.cancel")}
      onDismiss={props.close}
      footer={
        <Choice verb={t("action.confirm")} busy={busy} ready={props.ready} act={() => void act()} leave={props.close} />
      }
    >
      <div className="fields">
        {error !== undefined && <Failed error={error} />}
        {props.children}
      </div>
    </Modal>
  );
}
