import { CreateSpaceCommand, type CreateSpaceRequest } from "@aws-sdk/client-sagemaker";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";
import { DomainField } from "./domain-field";
import { UserField } from "./user-field";

interface Answers {
  domain: string;
  name: string;
  owner: string;
  app: string;
  sharing: string;
  volume: string;
}

/** The request that the answers make: only a private space for JupyterLab or Code Editor has a volume of its own. */
function request(given: Answers): CreateSpaceRequest {
  return {
    DomainId: given.domain,
    SpaceName: given.name,
    OwnershipSettings: { OwnerUserProfileName: given.owner },
    SpaceSharingSettings: { SharingType: given.sharing as "Private" },
    SpaceSettings: {
      AppType: given.app as "JupyterLab",
      SpaceStorageSettings: given.volume
        ? { EbsStorageSettings: { EbsVolumeSizeInGb: Number(given.volume) } }
        : undefined,
    },
  };
}

/** Makes a space: what it runs, whose it is, and who may enter. */
export default function NewSpace(props: { domain?: string; owner?: string; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Answers>({
    domain: props.domain ?? "",
    name: "",
    owner: props.owner ?? "",
    app: "JupyterLab",
    sharing: "Private",
    volume: "5",
  });
  const set = (change: Partial<Answers>) => setGiven((before) => ({ ...before, ...change }));
  const input = request(given);
  return (
    <Dialog
      title={t("studio.createSpace")}
      done={t("resource.creating", { name: given.name })}
      request={{ operation: "CreateSpace", input: { ...input } }}
      ready={Boolean(given.name && given.domain && given.owner)}
      act={() => sagemaker.send(new CreateSpaceCommand(input))}
      close={props.close}
    >
      {(error) => (
        <>
          {!props.domain && (
            <DomainField value={given.domain} error={error} change={(domain) => set({ domain, owner: "" })} />
          )}
          <Field label={t("data.name")} api="SpaceName" error={error}>
            <Input value={given.name} onChange={({ detail }) => set({ name: detail.value })} autoFocus />
          </Field>
          <UserField
            label={t("studio.owner")}
            api="OwnershipSettings.OwnerUserProfileName"
            domain={given.domain}
            value={given.owner}
            error={error}
            change={(owner) => set({ owner })}
          />
          <Field label={t("studio.appType")} api="SpaceSettings.AppType" error={error}>
            <RadioGroup
              value={given.app}
              items={[
                { value: "JupyterLab", label: "JupyterLab" },
                { value: "CodeEditor", label: "Code Editor" },
              ]}
              onChange={({ detail }) => set({ app: detail.value })}
            />
          </Field>
          <Field label={t("studio.sharing")} api="SpaceSharingSettings.SharingType" error={error}>
            <RadioGroup
              value={given.sharing}
              items={["Private", "Shared"].map((value) => ({
                value,
                label: value,
                description: t(`studio.sharing${value}`),
              }))}
              onChange={({ detail }) => set({ sharing: detail.value })}
            />
          </Field>
          <Field label={t("studio.volume")} api="EbsVolumeSizeInGb" error={error} hint={t("studio.volumeHint")}>
            <Input value={given.volume} type="number" onChange={({ detail }) => set({ volume: detail.value })} />
          </Field>
        </>
      )}
    </Dialog>
  );
}
