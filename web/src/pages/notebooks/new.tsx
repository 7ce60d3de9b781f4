import {
  CreateNotebookInstanceCommand,
  ListNotebookInstanceLifecycleConfigsCommand,
  type CreateNotebookInstanceInput,
} from "@aws-sdk/client-sagemaker";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";
import { every } from "../../pages";
import { RoleField } from "../../role-field";

const FIRST = { name: "", instance: "ml.t3.medium", role: "", volume: "5", script: "", repository: "", root: true };
type Answers = typeof FIRST;

function request(given: Answers): CreateNotebookInstanceInput {
  return {
    NotebookInstanceName: given.name,
    InstanceType: given.instance as "ml.t3.medium",
    RoleArn: given.role,
    VolumeSizeInGB: Number(given.volume),
    LifecycleConfigName: given.script || undefined,
    DefaultCodeRepository: given.repository || undefined,
    RootAccess: given.root ? "Enabled" : "Disabled",
  };
}

interface FieldsProps {
  given: Answers;
  set: (change: Partial<Answers>) => void;
  error: unknown;
}

/** What most leave as it is. */
function More({ given, set, error }: FieldsProps) {
  const { t } = useTranslation();
  const scripts = useQuery({
    queryKey: ["notebook-scripts"],
    meta: { live: ["notebook-instance-lifecycle-config"] },
    queryFn: () =>
      every(async (token) => {
        const answer = await sagemaker.send(
          new ListNotebookInstanceLifecycleConfigsCommand({ MaxResults: 100, NextToken: token }),
        );
        return { items: answer.NotebookInstanceLifecycleConfigs ?? [], next: answer.NextToken };
      }),
  });
  const none = { value: "", label: "–" };
  const options = [
    none,
    ...(scripts.data ?? []).map(({ NotebookInstanceLifecycleConfigName: name }) => ({ value: name, label: name })),
  ];
  return (
    <SpaceBetween size="l">
      <Field label={t("notebooks.script")} api="LifecycleConfigName" error={error}>
        <Select
          selectedOption={options.find((each) => each.value === given.script) ?? none}
          options={options}
          statusType={scripts.isPending ? "loading" : "finished"}
          onChange={({ detail }) => set({ script: detail.selectedOption.value ?? "" })}
        />
      </Field>
      <Field label={t("notebooks.repository")} api="DefaultCodeRepository" error={error} hint={t("notebooks.repositoryHint")}>
        <Input value={given.repository} onChange={({ detail }) => set({ repository: detail.value })} />
      </Field>
      <Toggle checked={given.root} onChange={({ detail }) => set({ root: detail.checked })}>
        {t("notebooks.root")}
      </Toggle>
    </SpaceBetween>
  );
}

/** Makes a notebook instance, which starts at once. */
export default function NewNotebook({ close }: { close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(FIRST);
  const set = (change: Partial<Answers>) => setGiven((before) => ({ ...before, ...change }));
  const input = request(given);
  return (
    <Dialog
      title={t("notebooks.create")}
      done={t("resource.creating", { name: given.name })}
      request={{ operation: "CreateNotebookInstance", input: { ...input } }}
      ready={Boolean(given.name && given.role && given.instance)}
      act={() => sagemaker.send(new CreateNotebookInstanceCommand(input))}
      close={close}
    >
      {(error) => (
        <>
          <Field label={t("data.name")} api="NotebookInstanceName" error={error}>
            <Input value={given.name} onChange={({ detail }) => set({ name: detail.value })} autoFocus />
          </Field>
          <Field label={t("studio.instance")} api="InstanceType" error={error}>
            <Input value={given.instance} onChange={({ detail }) => set({ instance: detail.value })} />
          </Field>
          <RoleField
            label={t("studio.role")}
            api="RoleArn"
            value={given.role}
            error={error}
            hint={t("studio.roleHint")}
            change={(role) => set({ role })}
          />
          <Field label={t("studio.volume")} api="VolumeSizeInGB" error={error} hint={t("studio.volumeHint")}>
            <Input value={given.volume} type="number" onChange={({ detail }) => set({ volume: detail.value })} />
          </Field>
          <ExpandableSection headerText={t("form.more")}>
            <More given={given} set={set} error={error} />
          </ExpandableSection>
        </>
      )}
    </Dialog>
  );
}
