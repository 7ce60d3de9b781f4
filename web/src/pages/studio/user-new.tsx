import { CreateUserProfileCommand } from "@aws-sdk/client-sagemaker";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { Dialog } from "../../dialog";
import { Field } from "../../form";
import { RoleField } from "../../role-field";
import { DomainField } from "./domain-field";
import { withoutTools } from "./domain-request";
import { ToolsField } from "./tools-field";

/** A user of a domain: what is left empty is as the domain says. */
export default function NewUser({ domain, close }: { domain?: string; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState(domain ?? "");
  const [name, setName] = useState("");
  const [role, setRole] = useState("");
  const [hidden, setHidden] = useState<string[]>([]);
  const settings = {
    ...(role ? { ExecutionRole: role } : {}),
    ...(hidden.length ? { StudioWebPortalSettings: withoutTools(hidden) } : {}),
  };
  const input = {
    DomainId: place,
    UserProfileName: name,
    UserSettings: Object.keys(settings).length ? settings : undefined,
  };
  return (
    <Dialog
      title={t("studio.createUser")}
      done={t("resource.creating", { name })}
      request={{ operation: "CreateUserProfile", input }}
      ready={Boolean(name && place)}
      act={() => sagemaker.send(new CreateUserProfileCommand(input))}
      close={close}
    >
      {(error) => (
        <>
          {!domain && <DomainField value={place} change={setPlace} error={error} />}
          <Field label={t("data.name")} api="UserProfileName" error={error}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </Field>
          <RoleField
            label={t("studio.role")}
            api="UserSettings.ExecutionRole"
            value={role}
            error={error}
            hint={t("studio.roleOfDomain")}
            change={setRole}
          />
          <ToolsField hidden={hidden} error={error} change={setHidden} />
        </>
      )}
    </Dialog>
  );
}
