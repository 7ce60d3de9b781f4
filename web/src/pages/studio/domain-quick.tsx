import { CreateDomainCommand, CreateUserProfileCommand, DescribeDomainCommand } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { AsCode, Field, said } from "../../form";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { useTrail } from "../../frame";
import { place, To } from "../../links";
import { RoleField } from "../../role-field";
import { DOMAINS } from "./domains";

const TRIES = 60;
const EVERY_MS = 500;

/** Waits until a domain can take users; false when it cannot be made, or takes long. */
async function ready(domain: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { Status } = await sagemaker.send(new DescribeDomainCommand({ DomainId: domain }));
    if (Status !== "Pending") {
      return Status === "InService";
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  return false;
}

/** A domain with its first user, from three answers. */
export function QuickDomain() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tell } = useFlash();
  const [name, setName] = useState("");
  const [user, setUser] = useState("default");
  const [role, setRole] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useTrail([
    { text: t("studio.domains"), href: DOMAINS },
    { text: t("studio.createDomain"), href: place(DOMAINS, { create: "quick" }) },
  ]);
  const input = {
    DomainName: name,
    AuthMode: "IAM" as const,
    // as AWS's quick set-up has it
    DefaultUserSettings: { ExecutionRole: role, SharingSettings: { NotebookOutputOption: "Allowed" as const } },
  };
  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { DomainId = "" } = await sagemaker.send(new CreateDomainCommand(input));
      const made = await ready(DomainId);
      if (made && user) {
        await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: user }));
      }
      tell({ type: made ? "success" : "info", header: t(made ? "studio.domainMade" : "studio.domainComes", { name }) });
      void navigate(place(DOMAINS, { domain: DomainId }));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const beside = ["DomainName", "ExecutionRole", "UserProfileName"].some((api) => said(error, api));
  return (
    <Form
      header={
        <Header variant="h1" description={t("studio.quickText")}>
          {t("studio.createDomain")}
        </Header>
      }
      secondaryActions={<To href={place(DOMAINS, { create: "standard" })}>{t("studio.standard")}</To>}
      actions={
        <SpaceBetween size="xs" direction="horizontal">
          <Button variant="link" onClick={() => void navigate(DOMAINS)}>
            {t("action.cancel")}
          </Button>
          <Button variant="primary" loading={busy} disabled={!name || !role} onClick={() => void create()}>
            {t("action.create")}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && !beside && <Failed error={error} />}
        <Container>
          <SpaceBetween size="l">
            <Field label={t("studio.domainName")} api="DomainName" error={error}>
              <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
            </Field>
            <RoleField
              label={t("studio.role")}
              api="DefaultUserSettings.ExecutionRole"
              value={role}
              error={error}
              hint={t("studio.roleHint")}
              change={setRole}
            />
            <Field label={t("studio.firstUser")} api="UserProfileName" error={error} hint={t("studio.firstUserHint")}>
              <Input value={user} onChange={({ detail }) => setUser(detail.value)} />
            </Field>
          </SpaceBetween>
        </Container>
        <ExpandableSection headerText={t("form.sameAsCode")} variant="container">
          <AsCode operation="CreateDomain" input={input} />
        </ExpandableSection>
      </SpaceBetween>
    </Form>
  );
}
