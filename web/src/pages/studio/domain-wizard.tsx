import { CreateDomainCommand } from "@aws-sdk/client-sagemaker";
import Container from "@cloudscape-design/components/container";
import Wizard from "@cloudscape-design/components/wizard";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sagemaker } from "../../clients/sagemaker";
import { Failed } from "../../failed";
import { useFlash } from "../../flash";
import { AsCode } from "../../form";
import { useTrail } from "../../frame";
import { place } from "../../links";
import { type Answers, FIRST, request } from "./domain-request";
import { AppsStep, NameStep, NetworkStep, RolesStep, SharingStep } from "./domain-steps";
import { DOMAINS } from "./domains";

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
export default function DomainWizard() {
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
  const review = (
    <>
      {error !== undefined && <Failed error={error} />}
      <AsCode operation="CreateDomain" input={{ ...request(given) }} />
    </>
  );
  return (
    <Wizard
      steps={[
        step(t("studio.stepName"), <NameStep {...props} />),
        step(t("studio.stepRoles"), <RolesStep {...props} />),
        step(t("studio.stepSharing"), <SharingStep {...props} />, true),
        step(t("studio.stepApps"), <AppsStep {...props} />, true),
        step(t("studio.stepNetwork"), <NetworkStep {...props} />, true),
        step(t("studio.stepReview"), review),
      ]}
      allowSkipTo
      isLoadingNextStep={busy}
      submitButtonText={t("action.create")}
      onCancel={() => void navigate(DOMAINS)}
      onSubmit={() => void create()}
    />
  );
}
