import { CreateImageCommand, CreateImageVersionCommand, DescribeImageCommand } from "@aws-sdk/client-sagemaker";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";
import { RoleField } from "../../role-field";

const TRIES = 40;
const EVERY_MS = 250;

/** Waits until an image can take versions; what keeps it from that is shown at its page. */
async function ready(name: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { ImageStatus } = await sagemaker.send(new DescribeImageCommand({ ImageName: name }));
    if (ImageStatus !== "CREATING") {
      return ImageStatus === "CREATED";
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  return false;
}

/** An image, with its first version where its base is named. */
export default function NewImage({ close }: { close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ name: "", display: "", description: "", role: "", base: "" });
  const set = (change: Partial<typeof given>) => setGiven((before) => ({ ...before, ...change }));
  const input = {
    ImageName: given.name,
    RoleArn: given.role,
    DisplayName: given.display || undefined,
    Description: given.description || undefined,
  };
  const act = async () => {
    await sagemaker.send(new CreateImageCommand(input));
    if (given.base && (await ready(given.name))) {
      const version = { ImageName: given.name, BaseImage: given.base, ClientToken: crypto.randomUUID() };
      await sagemaker.send(new CreateImageVersionCommand(version));
    }
  };
  const text = (label: string, api: string, name: keyof typeof given, error: unknown, hint?: string) => (
    <Field label={label} api={api} error={error} hint={hint}>
      <Input value={given[name]} onChange={({ detail }) => set({ [name]: detail.value })} />
    </Field>
  );
  return (
    <Dialog
      title={t("images.create")}
      done={t("resource.creating", { name: given.name })}
      request={{ operation: "CreateImage", input }}
      ready={Boolean(given.name && given.role)}
      act={act}
      close={close}
    >
      {(error) => (
        <>
          {text(t("data.name"), "ImageName", "name", error)}
          {text(t("images.display"), "DisplayName", "display", error)}
          {text(t("alarms.description"), "Description", "description", error)}
          <RoleField label={t("images.role")} api="RoleArn" value={given.role} error={error} change={(role) => set({ role })} />
          {text(t("images.base"), "BaseImage", "base", error, t("images.baseHint"))}
        </>
      )}
    </Dialog>
  );
}
