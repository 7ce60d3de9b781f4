import { CreateVirtualMFADeviceCommand, DeleteVirtualMFADeviceCommand, EnableMFADeviceCommand } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { iam } from "../../clients/iam";
import { Choice } from "../../dialog";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { Field } from "../../form";
import { enrolment } from "../../recovery";
import { Copied } from "../../resource";
import type { Session } from "../../session";

interface Made {
  serial: string;
  seed: string;
}

async function make(name: string): Promise<Made> {
  const { VirtualMFADevice: made } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
  return { serial: made?.SerialNumber ?? "", seed: new TextDecoder().decode(made?.Base32StringSeed) };
}

/** Enrols an authenticator app: it reads the picture, and two codes of it prove that it did. */
export function NewDevice({ session, close }: { session: Session; close: () => void }) {
  const { t } = useTranslation();
  const { tell } = useFlash();
  const [name, setName] = useState(session.user);
  const [made, setMade] = useState<Made | null>(null);
  const [codes, setCodes] = useState({ first: "", second: "" });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      if (!made) {
        setMade(await make(name));
      } else {
        await iam.send(
          new EnableMFADeviceCommand({
            UserName: session.user,
            SerialNumber: made.serial,
            AuthenticationCode1: codes.first,
            AuthenticationCode2: codes.second,
          }),
        );
        tell({ type: "success", header: t("security.enabled") });
        close();
      }
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const leave = () => {
    // a device that nobody enabled is of no use, and holds its name
    void (made ? iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: made.serial })).catch(() => {}) : null);
    close();
  };
  const ready = made ? /^\d{6}$/.test(codes.first) && /^\d{6}$/.test(codes.second) : Boolean(name);
  return (
    <Modal
      visible
      header={t("security.add")}
      closeAriaLabel={t("action.cancel")}
      onDismiss={leave}
      footer={
        <Choice
          verb={t(made ? "security.enable" : "security.next")}
          busy={busy}
          ready={ready}
          act={() => void act()}
          leave={leave}
        />
      }
    >
      <div className="fields">
        {error !== undefined && <Failed error={error} />}
        {made ? (
          <Enrolment session={session} made={made} codes={codes} change={setCodes} />
        ) : (
          <Field label={t("data.name")} api="VirtualMFADeviceName" error={error}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </Field>
        )}
      </div>
    </Modal>
  );
}

function Enrolment(props: {
  session: Session;
  made: Made;
  codes: { first: string; second: string };
  change: (codes: { first: string; second: string }) => void;
}) {
  const { t } = useTranslation();
  const { session, made, codes, change } = props;
  const code = (which: "first" | "second", api: string) => (
    <Field label={t(`security.${which}`)} api={api}>
      <Input
        value={codes[which]}
        inputMode="numeric"
        autoComplete="one-time-code"
        onChange={({ detail }) => change({ ...codes, [which]: detail.value.trim() })}
      />
    </Field>
  );
  return (
    <>
      <Box>{t("security.scan")}</Box>
      <div className="qr">
        <QRCodeSVG
          value={enrolment(session.account, session.user, made.seed)}
          size={192}
          level="M"
          marginSize={2}
          title={t("security.qr")}
        />
      </div>
      <Box>
        {t("security.seed")} <Copied text={made.seed} label={t("action.copy")} />
      </Box>
      {code("first", "AuthenticationCode1")}
      {code("second", "AuthenticationCode2")}
    </>
  );
}
