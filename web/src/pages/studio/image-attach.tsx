import {
  CreateAppImageConfigCommand,
  DescribeDomainCommand,
  ListAppImageConfigsCommand,
  ListImagesCommand,
  UpdateDomainCommand,
  type CreateAppImageConfigRequest,
} from "@aws-sdk/client-sagemaker";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";
import { every } from "../../pages";
import { DomainField } from "./domain-field";
import { IMAGE_APPS, withImage, type ImageApp } from "./image-settings";

interface Answers {
  domain: string;
  image: string;
  version: string;
  app: ImageApp;
  /** Empty for a configuration that is made on the way. */
  config: string;
  kernel: string;
  display: string;
  mount: string;
  user: string;
}

const CONFIGS = {
  KernelGatewayAppSettings: "KernelGatewayImageConfig",
  JupyterLabAppSettings: "JupyterLabAppImageConfig",
  CodeEditorAppSettings: "CodeEditorAppImageConfig",
} as const;

/** The configuration that is made: kernels for KernelGateway alone, where the home lies for each. */
function configuration(given: Answers): CreateAppImageConfigRequest {
  const [uid = 1000, gid = 100] = given.user.split(":").map(Number);
  const files = { FileSystemConfig: { MountPath: given.mount, DefaultUid: uid, DefaultGid: gid } };
  const kernels = { KernelSpecs: [{ Name: given.kernel, DisplayName: given.display || undefined }] };
  return {
    AppImageConfigName: given.image,
    [CONFIGS[given.app]]: given.app === "KernelGatewayAppSettings" ? { ...kernels, ...files } : files,
  };
}

async function attach(given: Answers): Promise<void> {
  if (!given.config) {
    await sagemaker.send(new CreateAppImageConfigCommand(configuration(given)));
  }
  const { DefaultUserSettings = {} } = await sagemaker.send(new DescribeDomainCommand({ DomainId: given.domain }));
  const image = {
    ImageName: given.image,
    ImageVersionNumber: given.version ? Number(given.version) : undefined,
    AppImageConfigName: given.config || given.image,
  };
  await sagemaker.send(
    new UpdateDomainCommand({
      DomainId: given.domain,
      DefaultUserSettings: withImage(DefaultUserSettings, given.app, image),
    }),
  );
}

function useNames(key: string, load: (token?: string) => Promise<{ items: (string | undefined)[]; next?: string }>) {
  return useQuery({ queryKey: [key], meta: { live: ["image", "app-image-config"] }, queryFn: () => every(load) });
}

const images = async (token?: string) => {
  const answer = await sagemaker.send(new ListImagesCommand({ MaxResults: 100, NextToken: token }));
  return { items: (answer.Images ?? []).map((each) => each.ImageName), next: answer.NextToken };
};
const configs = async (token?: string) => {
  const answer = await sagemaker.send(new ListAppImageConfigsCommand({ MaxResults: 100, NextToken: token }));
  return { items: (answer.AppImageConfigs ?? []).map((each) => each.AppImageConfigName), next: answer.NextToken };
};

interface FieldsProps {
  given: Answers;
  set: (change: Partial<Answers>) => void;
  error: unknown;
}

/** The configuration: one that is there, or what a new one says. */
function ConfigFields({ given, set, error }: FieldsProps) {
  const { t } = useTranslation();
  const known = useNames("app-image-config-names", configs);
  const fresh = { value: "", label: t("images.newConfig") };
  const options = [fresh, ...(known.data ?? []).map((name) => ({ value: name, label: name }))];
  const text = (label: string, api: string, name: "kernel" | "display" | "mount", hint?: string) => (
    <Field label={label} api={api} error={error} hint={hint}>
      <Input value={given[name]} onChange={({ detail }) => set({ [name]: detail.value })} />
    </Field>
  );
  return (
    <>
      <Field label={t("images.config")} api="AppImageConfigName" error={error}>
        <Select
          selectedOption={options.find((each) => each.value === given.config) ?? fresh}
          options={options}
          onChange={({ detail }) => set({ config: detail.selectedOption.value ?? "" })}
        />
      </Field>
      {!given.config && given.app === "KernelGatewayAppSettings" && (
        <>
          {text(t("images.kernel"), "KernelSpecs.Name", "kernel", t("images.kernelHint"))}
          {text(t("images.display"), "KernelSpecs.DisplayName", "display")}
        </>
      )}
      {!given.config && (
        <>
          {text(t("images.mount"), "FileSystemConfig.MountPath", "mount")}
          <Field label={t("images.user")} api="FileSystemConfig.DefaultUid" error={error}>
            <RadioGroup
              value={given.user}
              items={[
                { value: "1000:100", label: "1000 : 100" },
                { value: "0:0", label: "0 : 0", description: t("images.rootHint") },
              ]}
              onChange={({ detail }) => set({ user: detail.value })}
            />
          </Field>
        </>
      )}
    </>
  );
}

/** Offers an image in a domain, with how its apps use it. */
export default function AttachImage(props: { domain?: string; image?: string; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const known = useNames("image-names", images);
  const [given, setGiven] = useState<Answers>({
    domain: props.domain ?? "",
    image: props.image ?? "",
    version: "",
    app: "KernelGatewayAppSettings",
    config: "",
    kernel: "python3",
    display: "",
    mount: "/home/sagemaker-user",
    user: "1000:100",
  });
  const set = (change: Partial<Answers>) => setGiven((before) => ({ ...before, ...change }));
  return (
    <Dialog
      title={t("images.attach")}
      done={t("images.attachedDone", { name: given.image })}
      request={{ operation: "CreateAppImageConfig", input: { ...configuration(given) } }}
      ready={Boolean(given.domain && given.image)}
      act={() => attach(given)}
      close={props.close}
    >
      {(error) => (
        <>
          {!props.domain && <DomainField value={given.domain} error={error} change={(domain) => set({ domain })} />}
          {!props.image && (
            <Field label={t("studio.image")} api="ImageName" error={error}>
              <Select
                selectedOption={given.image ? { value: given.image, label: given.image } : null}
                options={(known.data ?? []).map((name) => ({ value: name, label: name }))}
                statusType={known.isPending ? "loading" : "finished"}
                onChange={({ detail }) => set({ image: detail.selectedOption.value ?? "" })}
              />
            </Field>
          )}
          <Field label={t("images.version")} api="ImageVersionNumber" error={error} hint={t("images.versionHint")}>
            <Input value={given.version} type="number" onChange={({ detail }) => set({ version: detail.value })} />
          </Field>
          <Field label={t("studio.appType")} api="UserSettings" error={error}>
            <RadioGroup
              value={given.app}
              items={IMAGE_APPS.map((value) => ({ value, label: t(`images.${value}`) }))}
              onChange={({ detail }) => set({ app: detail.value as ImageApp, config: "" })}
            />
          </Field>
          <ConfigFields given={given} set={set} error={error} />
        </>
      )}
    </Dialog>
  );
}
