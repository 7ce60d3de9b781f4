import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Toggle from "@cloudscape-design/components/toggle";
import { useTranslation } from "react-i18next";
import { Field } from "../../form";
import { RoleField } from "../../role-field";
import type { Answers } from "./domain-request";
import { ToolsField } from "./tools-field";

interface StepProps {
  given: Answers;
  set: (change: Partial<Answers>) => void;
  error: unknown;
}

type Texts = { [name in keyof Answers]: Answers[name] extends string ? name : never }[keyof Answers];

function Text({ given, set, error, name, label, api, hint, type }: StepProps & {
  name: Texts;
  label: string;
  api: string;
  hint?: string;
  type?: "number";
}) {
  return (
    <Field label={label} api={api} error={error} hint={hint}>
      <Input value={given[name]} type={type} onChange={({ detail }) => set({ [name]: detail.value })} />
    </Field>
  );
}

function Choice({ given, set, error, name, label, api, hint, items }: StepProps & {
  name: Texts;
  label: string;
  api: string;
  hint?: string;
  items: { value: string; label: string; description?: string }[];
}) {
  return (
    <Field label={label} api={api} error={error} hint={hint}>
      <RadioGroup value={given[name]} items={items} onChange={({ detail }) => set({ [name]: detail.value })} />
    </Field>
  );
}

export function NameStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text {...step} name="name" label={t("studio.domainName")} api="DomainName" />
      <Choice
        {...step}
        name="auth"
        label={t("studio.auth")}
        api="AuthMode"
        items={["IAM", "SSO"].map((value) => ({ value, label: value, description: t(`studio.auth${value}`) }))}
      />
    </>
  );
}

export function RolesStep(step: StepProps) {
  const { t } = useTranslation();
  const { given, set, error } = step;
  return (
    <>
      <RoleField
        label={t("studio.role")}
        api="DefaultUserSettings.ExecutionRole"
        value={given.role}
        error={error}
        hint={t("studio.roleHint")}
        fresh
        change={(role) => set({ role })}
      />
      <RoleField
        label={t("studio.spaceRole")}
        api="DefaultSpaceSettings.ExecutionRole"
        value={given.spaceRole}
        error={error}
        change={(spaceRole) => set({ spaceRole })}
      />
      <Text {...step} name="tags" label={t("object.tags")} api="Tags" hint={t("studio.tagsHint")} />
      <Toggle checked={given.propagation} onChange={({ detail }) => set({ propagation: detail.checked })}>
        {t("studio.propagation")}
      </Toggle>
    </>
  );
}

export function SharingStep(step: StepProps) {
  const { t } = useTranslation();
  const { given } = step;
  return (
    <>
      <Choice
        {...step}
        name="output"
        label={t("studio.shareOutput")}
        api="SharingSettings.NotebookOutputOption"
        items={["", "Allowed", "Disabled"].map((value) => ({ value, label: t(`studio.output${value || "Unsaid"}`) }))}
      />
      {given.output === "Allowed" && (
        <>
          <Text {...step} name="outputPath" label={t("studio.outputPath")} api="SharingSettings.S3OutputPath" hint={t("studio.outputPathHint")} />
          <Text {...step} name="outputKey" label={t("studio.outputKey")} api="SharingSettings.S3KmsKeyId" />
        </>
      )}
    </>
  );
}

export function AppsStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text
        {...step}
        name="instance"
        label={t("studio.kernelInstance")}
        api="KernelGatewayAppSettings.DefaultResourceSpec.InstanceType"
      />
      <Text
        {...step}
        name="idle"
        type="number"
        label={t("studio.idle")}
        api="IdleSettings.IdleTimeoutInMinutes"
        hint={t("studio.idleHint")}
      />
      <ToolsField hidden={step.given.hidden} error={step.error} change={(hidden) => step.set({ hidden })} />
    </>
  );
}

export function NetworkStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        {...step}
        name="network"
        label={t("studio.network")}
        api="AppNetworkAccessType"
        hint={t("studio.networkHint")}
        items={["PublicInternetOnly", "VpcOnly"].map((value) => ({ value, label: value }))}
      />
      <Text {...step} name="vpc" label={t("studio.vpc")} api="VpcId" />
      <Text {...step} name="subnets" label={t("studio.subnets")} api="SubnetIds" hint={t("form.listed")} />
      <Text {...step} name="groups" label={t("studio.groups")} api="SecurityGroups" hint={t("form.listed")} />
      <Text {...step} name="key" label={t("studio.key")} api="KmsKeyId" hint={t("studio.keyHint")} />
    </>
  );
}
