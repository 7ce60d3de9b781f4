import { CreateDomainCommand, type CreateDomainRequest } from "@aws-sdk/client-sagemaker";
import Container from "@cloudscape-design/components/container";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Toggle from "@cloudscape-design/components/toggle";
import Wizard from "@cloudscape-design/components/wizard";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { AsCode, Field } from "../../form";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { useTrail } from "../../frame";
import { place } from "../../links";
import { RoleField } from "../../role-field";
import { DOMAINS } from "./domains";

interface Answers {
  name: string;
  auth: string;
  role: string;
  spaceRole: string;
  propagation: boolean;
  idle: string;
  instance: string;
  network: string;
  vpc: string;
  subnets: string;
  groups: string;
}

const FIRST: Answers = {
  name: "",
  auth: "IAM",
  role: "",
  spaceRole: "",
  propagation: false,
  idle: "",
  instance: "ml.t3.medium",
  network: "PublicInternetOnly",
  vpc: "",
  subnets: "",
  groups: "",
};

const listed = (text: string) => {
  const all = text.split(/[\s,]+/).filter(Boolean);
  return all.length ? all : undefined;
};

/** The request that the answers make; what was left empty is left out. */
export function request(given: Answers): CreateDomainRequest {
  const idle = Number(given.idle);
  return {
    DomainName: given.name,
    AuthMode: given.auth as "IAM",
    AppNetworkAccessType: given.network as "PublicInternetOnly",
    VpcId: given.vpc || undefined,
    SubnetIds: listed(given.subnets),
    TagPropagation: given.propagation ? "ENABLED" : undefined,
    DefaultUserSettings: {
      ExecutionRole: given.role,
      SecurityGroups: listed(given.groups),
      KernelGatewayAppSettings: given.instance
        ? { DefaultResourceSpec: { InstanceType: given.instance as "ml.t3.medium" } }
        : undefined,
      JupyterLabAppSettings: idle
        ? {
            AppLifecycleManagement: {
              IdleSettings: { LifecycleManagement: "ENABLED", IdleTimeoutInMinutes: idle },
            },
          }
        : undefined,
    },
    DefaultSpaceSettings: given.spaceRole ? { ExecutionRole: given.spaceRole } : undefined,
  };
}

interface StepProps {
  given: Answers;
  set: (change: Partial<Answers>) => void;
  error: unknown;
}

type Texts = Exclude<keyof Answers, "propagation">;

function Text({ given, set, name, type }: StepProps & { name: Texts; type?: "number" }) {
  return <Input value={given[name]} type={type} onChange={({ detail }) => set({ [name]: detail.value })} />;
}

function NameStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("studio.domainName")} api="DomainName" error={step.error}>
        <Text {...step} name="name" />
      </Field>
      <Field label={t("studio.auth")} api="AuthMode" error={step.error}>
        <RadioGroup
          value={step.given.auth}
          items={["IAM", "SSO"].map((value) => ({ value, label: value, description: t(`studio.auth${value}`) }))}
          onChange={({ detail }) => step.set({ auth: detail.value })}
        />
      </Field>
    </>
  );
}

function RolesStep({ given, set, error }: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <RoleField
        label={t("studio.role")}
        api="DefaultUserSettings.ExecutionRole"
        value={given.role}
        error={error}
        hint={t("studio.roleHint")}
        change={(role) => set({ role })}
      />
      <RoleField
        label={t("studio.spaceRole")}
        api="DefaultSpaceSettings.ExecutionRole"
        value={given.spaceRole}
        error={error}
        change={(spaceRole) => set({ spaceRole })}
      />
      <Toggle checked={given.propagation} onChange={({ detail }) => set({ propagation: detail.checked })}>
        {t("studio.propagation")}
      </Toggle>
    </>
  );
}

function AppsStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t("studio.kernelInstance")}
        api="KernelGatewayAppSettings.DefaultResourceSpec.InstanceType"
        error={step.error}
      >
        <Text {...step} name="instance" />
      </Field>
      <Field
        label={t("studio.idle")}
        api="IdleSettings.IdleTimeoutInMinutes"
        error={step.error}
        hint={t("studio.idleHint")}
      >
        <Text {...step} name="idle" type="number" />
      </Field>
    </>
  );
}

function NetworkStep(step: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("studio.network")} api="AppNetworkAccessType" error={step.error} hint={t("studio.networkHint")}>
        <RadioGroup
          value={step.given.network}
          items={["PublicInternetOnly", "VpcOnly"].map((value) => ({ value, label: value }))}
          onChange={({ detail }) => step.set({ network: detail.value })}
        />
      </Field>
      <Field label={t("studio.vpc")} api="VpcId" error={step.error}>
        <Text {...step} name="vpc" />
      </Field>
      <Field label={t("studio.subnets")} api="SubnetIds" error={step.error} hint={t("form.listed")}>
        <Text {...step} name="subnets" />
      </Field>
      <Field label={t("studio.groups")} api="SecurityGroups" error={step.error} hint={t("form.listed")}>
        <Text {...step} name="groups" />
      </Field>
    </>
  );
}

function step(title: string, content: ReactNode, isOptional = false) {
  return {
    title,
    isOptional,
    content: (
      <Container>
        <div className="fields">{content}</div>
      </Container>
    ),
  };
}

/** A domain with everything that can be chosen about it, step by step. */
export function DomainWizard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tell } = useFlash();
  const [given, setGiven] = useState(FIRST);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useTrail([
    { text: t("studio.domains"), href: DOMAINS },
    { text: t("studio.standard"), href: place(DOMAINS, { create: "standard" }) },
  ]);
  const props = { given, error, set: (change: Partial<Answers>) => setGiven((before) => ({ ...before, ...change })) };
  const create = async () => {
    setBusy(true);
    try {
      const { DomainId } = await sagemaker.send(new CreateDomainCommand(request(given)));
      tell({ type: "success", header: t("studio.domainComes", { name: given.name }) });
      void navigate(place(DOMAINS, { domain: DomainId }));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Wizard
      steps={[
        step(t("studio.stepName"), <NameStep {...props} />),
        step(t("studio.stepRoles"), <RolesStep {...props} />),
        step(t("studio.stepApps"), <AppsStep {...props} />, true),
        step(t("studio.stepNetwork"), <NetworkStep {...props} />, true),
        step(
          t("studio.stepReview"),
          <>
            {error !== undefined && <Failed error={error} />}
            <AsCode operation="CreateDomain" input={{ ...request(given) }} />
          </>,
        ),
      ]}
      allowSkipTo
      isLoadingNextStep={busy}
      submitButtonText={t("action.create")}
      onCancel={() => void navigate(DOMAINS)}
      onSubmit={() => void create()}
    />
  );
}
