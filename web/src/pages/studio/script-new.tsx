import {
  CreateStudioLifecycleConfigCommand,
  UpdateDomainCommand,
  type DescribeDomainResponse,
} from "@aws-sdk/client-sagemaker";
import Checkbox from "@cloudscape-design/components/checkbox";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";

const APPS = ["JupyterServer", "KernelGateway", "JupyterLab", "CodeEditor"] as const;
const FIRST = "#!/bin/bash\nset -eu\n";

/** The text's bytes, as AWS wants them. */
function packed(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Makes a start-up script, and lets the domain offer it. */
export default function NewScript({ domain, close }: { domain: DescribeDomainResponse; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [app, setApp] = useState<(typeof APPS)[number]>("JupyterServer");
  const [text, setText] = useState(FIRST);
  const [offer, setOffer] = useState(true);
  const input = {
    StudioLifecycleConfigName: name,
    StudioLifecycleConfigContent: packed(text),
    StudioLifecycleConfigAppType: app,
  };
  const act = async () => {
    const { StudioLifecycleConfigArn = "" } = await sagemaker.send(new CreateStudioLifecycleConfigCommand(input));
    if (offer) {
      const member = `${app}AppSettings` as const;
      const settings = domain.DefaultUserSettings?.[member];
      await sagemaker.send(
        new UpdateDomainCommand({
          DomainId: domain.DomainId,
          DefaultUserSettings: {
            [member]: {
              ...settings,
              LifecycleConfigArns: [...(settings?.LifecycleConfigArns ?? []), StudioLifecycleConfigArn],
            },
          },
        }),
      );
    }
  };
  return (
    <Dialog
      title={t("scripts.create")}
      done={t("resource.created", { name })}
      request={{ operation: "CreateStudioLifecycleConfig", input }}
      ready={Boolean(name && text)}
      act={act}
      close={close}
    >
      {(error) => (
        <>
          <Field label={t("data.name")} api="StudioLifecycleConfigName" error={error}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </Field>
          <Field label={t("studio.appType")} api="StudioLifecycleConfigAppType" error={error}>
            <Select
              selectedOption={{ value: app, label: app }}
              options={APPS.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => setApp(detail.selectedOption.value as typeof app)}
            />
          </Field>
          <Field label={t("scripts.text")} api="StudioLifecycleConfigContent" error={error} hint={t("scripts.textHint")}>
            <Textarea value={text} rows={8} spellcheck={false} onChange={({ detail }) => setText(detail.value)} />
          </Field>
          <Checkbox checked={offer} onChange={({ detail }) => setOffer(detail.checked)}>
            {t("scripts.offer")}
          </Checkbox>
        </>
      )}
    </Dialog>
  );
}
