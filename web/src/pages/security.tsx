import { ChangePasswordCommand, DeactivateMFADeviceCommand, DeleteVirtualMFADeviceCommand, ListMFADevicesCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { iam } from "../clients/iam";
import { useQuestion } from "../confirm";
import { Failed } from "../failed";
import { useFlash } from "../flash";
import { Field } from "../form";
import { useTrail } from "../frame";
import { Nothing } from "../nothing";
import type { Session } from "../session";
import { When } from "../when";
import { NewDevice } from "./security/new-device";
import { RecoveryCodes } from "./security/recovery-codes";

/** How the user who is signed in proves to be it: password, MFA devices, recovery codes. */
export default function Security({ session }: { session: Session }) {
  const { t } = useTranslation();
  useTrail([{ text: t("security.title"), href: "/security" }]);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t("security.text")}>
        {t("security.title")}
      </Header>
      <Devices session={session} />
      <Password />
    </SpaceBetween>
  );
}

function Devices({ session }: { session: Session }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const devices = useQuery({
    queryKey: ["mfa-devices", session.userId],
    queryFn: async () => (await iam.send(new ListMFADevicesCommand({ UserName: session.user }))).MFADevices ?? [],
  });
  const refresh = () => {
    void devices.refetch();
    void queries.invalidateQueries({ queryKey: ["recovery-codes"] });
  };
  const { ask, asked } = useQuestion(refresh);
  const remove = (serial: string) =>
    ask({
      title: t("security.remove"),
      verb: t("security.removeVerb"),
      names: [serial],
      says: t("security.removeSays"),
      done: t("security.removed"),
      act: async (SerialNumber) => {
        await iam.send(new DeactivateMFADeviceCommand({ UserName: session.user, SerialNumber }));
        await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
      },
    });
  return (
    <>
      <Table
        loading={devices.isPending}
        loadingText={t("list.loading")}
        items={devices.data ?? []}
        trackBy="SerialNumber"
        ariaLabels={{ tableLabel: t("security.devices") }}
        header={
          <Header
            variant="h2"
            counter={devices.data && `(${devices.data.length})`}
            description={t("security.devicesText")}
            actions={<Button onClick={() => setAdding(true)}>{t("security.add")}</Button>}
          >
            {t("security.devices")}
          </Header>
        }
        columnDefinitions={[
          { id: "name", header: t("data.name"), cell: (each) => each.SerialNumber, isRowHeader: true },
          { id: "since", header: t("security.since"), cell: (each) => <When at={each.EnableDate} /> },
          {
            id: "remove",
            header: t("security.removeVerb"),
            cell: (each) => (
              <Button variant="inline-link" onClick={() => remove(each.SerialNumber ?? "")}>
                {t("security.removeVerb")}
              </Button>
            ),
          },
        ]}
        empty={
          devices.isError ? (
            <Failed error={devices.error} retry={() => void devices.refetch()} />
          ) : (
            <Nothing text={t("security.noDevices")} />
          )
        }
      />
      {(devices.data?.length ?? 0) > 0 && <RecoveryCodes />}
      {adding && (
        <NewDevice
          session={session}
          close={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {asked}
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const { tell } = useFlash();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await iam.send(new ChangePasswordCommand({ OldPassword: old, NewPassword: fresh }));
      tell({ type: "success", header: t("security.changed") });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Container header={<Header variant="h2" description={t("security.passwordText")}>{t("security.password")}</Header>}>
      <div className="fields">
        {error !== undefined && <Failed error={error} />}
        <Field label={t("security.old")} api="OldPassword">
          <Input type="password" autoComplete="current-password" value={old} onChange={({ detail }) => setOld(detail.value)} />
        </Field>
        <Field label={t("security.new")} api="NewPassword">
          <Input type="password" autoComplete="new-password" value={fresh} onChange={({ detail }) => setFresh(detail.value)} />
        </Field>
        <div>
          <Button loading={busy} disabled={!old || !fresh} onClick={() => void change()}>
            {t("security.change")}
          </Button>
        </div>
      </div>
    </Container>
  );
}
