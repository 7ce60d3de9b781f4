import { CreateDomainCommand, CreateUserProfileCommand, DescribeDomainCommand } from "@aws-sdk/client-sagemaker";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { Choice } from "../../dialog";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { AsCode, Field, said } from "../../form";
import { useTrail } from "../../frame";
import { place, To } from "../../links";
import { RoleField } from "../../role-field";
import { withoutTools } from "./domain-request";
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

interface Quick {
  name: string;
  user: string;
  role: string;
  projects: boolean;
  jumpStart: boolean;
}

function requested({ name, role, projects, jumpStart }: Quick) {
  const hidden = [...(projects ? [] : ["Projects"]), ...(jumpStart ? [] : ["JumpStart"])];
  return {
    DomainName: name,
    AuthMode: "IAM" as const,
    // sharing with outputs, as AWS's quick set-up has it
    DefaultUserSettings: {
      ExecutionRole: role,
      SharingSettings: { NotebookOutputOption: "Allowed" as const },
      StudioWebPortalSettings: withoutTools(hidden),
    },
  };
}

function Fields({ given, set, error }: { given: Quick; set: (change: Partial<Quick>) => void; error: unknown }) {
  const { t } = useTranslation();
  return (
    <SpaceBetween size="l">
      <Field label={t("studio.domainName")} api="DomainName" error={error}>
        <Input value={given.name} onChange={({ detail }) => set({ name: detail.value })} autoFocus />
      </Field>
      <RoleField
        label={t("studio.role")}
        api="DefaultUserSettings.ExecutionRole"
        value={given.role}
        error={error}
        hint={t("studio.roleHint")}
        fresh
        change={(role) => set({ role })}
      />
      <Field label={t("studio.firstUser")} api="UserProfileName" error={error} hint={t("studio.firstUserHint")}>
        <Input value={given.user} onChange={({ detail }) => set({ user: detail.value })} />
      </Field>
      <Toggle checked={given.projects} onChange={({ detail }) => set({ projects: detail.checked })}>
        {t("studio.projects")}
      </Toggle>
      <Toggle checked={given.jumpStart} onChange={({ detail }) => set({ jumpStart: detail.checked })}>
        {t("studio.jumpStart")}
      </Toggle>
    </SpaceBetween>
  );
}

/** Makes the domain, then its first user, and shows it. */
function useCreation(given: Quick) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tell } = useFlash();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { DomainId = "" } = await sagemaker.send(new CreateDomainCommand(requested(given)));
      const made = await ready(DomainId);
      if (made && given.user) {
        await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: given.user }));
      }
      const header = t(made ? "studio.domainMade" : "studio.domainComes", { name: given.name });
      tell({ type: made ? "success" : "info", header });
      void navigate(place(DOMAINS, { domain: DomainId }));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return { busy, error, create };
}

/** A domain with its first user, from few answers. */
export default function QuickDomain() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [given, setGiven] = useState<Quick>({ name: "", user: "default", role: "", projects: true, jumpStart: true });
  const { busy, error, create } = useCreation(given);
  useTrail([
    { text: t("studio.domains"), href: DOMAINS },
    { text: t("studio.createDomain"), href: place(DOMAINS, { create: "quick" }) },
  ]);
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
        <Choice
          verb={t("action.create")}
          busy={busy}
          ready={Boolean(given.name && given.role)}
          act={() => void create()}
          leave={() => void navigate(DOMAINS)}
        />
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && !beside && <Failed error={error} />}
        <Container>
          <Fields given={given} error={error} set={(change) => setGiven((before) => ({ ...before, ...change }))} />
        </Container>
        <ExpandableSection headerText={t("form.sameAsCode")} variant="container">
          <AsCode operation="CreateDomain" input={requested(given)} />
        </ExpandableSection>
      </SpaceBetween>
    </Form>
  );
}
