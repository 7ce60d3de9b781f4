import { AttachRolePolicyCommand, CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { iam } from "./clients/iam";
import { Dialog } from "./dialog";
import { Field } from "./form";
import { listed } from "./listed";
import { bucketPolicy, FULL_ACCESS, type Reach, roleRequest } from "./role-request";

const REACHES: Reach[] = ["any", "named", "none"];

/** Makes the role and gives it what it needs; returns its ARN. */
async function made(name: string, policy: string | undefined): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand(roleRequest(name)));
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: `arn:aws:iam::aws:policy/${FULL_ACCESS}` }));
  if (policy) {
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "Buckets", PolicyDocument: policy }));
  }
  return Role?.Arn ?? "";
}

/** An execution role, made on the way: what it reaches beyond SageMaker's own is buckets. */
export default function NewRole({ close }: { close: (arn: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [reach, setReach] = useState<Reach>("none");
  const [buckets, setBuckets] = useState("");
  const arn = useRef("");
  const names = listed(buckets) ?? [];
  return (
    <Dialog
      title={t("role.create")}
      done={t("resource.created", { name })}
      request={{ service: "iam", operation: "CreateRole", input: { ...roleRequest(name) } }}
      ready={Boolean(name) && (reach !== "named" || names.length > 0)}
      act={async () => {
        arn.current = await made(name, bucketPolicy(reach, names));
      }}
      close={() => close(arn.current)}
    >
      {(error) => (
        <>
          <Field label={t("data.name")} api="RoleName" error={error} hint={t("role.hint", { policy: FULL_ACCESS })}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </Field>
          <Field label={t("role.buckets")} api="PolicyDocument" error={error}>
            <RadioGroup
              value={reach}
              items={REACHES.map((value) => ({ value, label: t(`role.reach.${value}`) }))}
              onChange={({ detail }) => setReach(detail.value as Reach)}
            />
          </Field>
          {reach === "named" && (
            <Field label={t("data.buckets")} api="Resource" error={error} hint={t("form.listed")}>
              <Input value={buckets} onChange={({ detail }) => setBuckets(detail.value)} />
            </Field>
          )}
        </>
      )}
    </Dialog>
  );
}
