import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";
import Tabs from "@cloudscape-design/components/tabs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParam } from "./links";
import { moment, span } from "./numbers";
import { Status } from "./status";

/** An ARN, or another text of use elsewhere, with a button that copies it. */
export function Copied({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={label ?? t("action.copyArn")}
      copySuccessText={t("action.copied")}
      copyErrorText={t("action.copyFailed")}
    />
  );
}

/** The top of a resource's page: what it is called, how it stands, and what can be done with it. */
export function ResourceHeader(props: { name: string; status?: string; arn?: string; actions?: ReactNode }) {
  return (
    <Header
      variant="h1"
      actions={
        props.actions && <div className="actions">{props.actions}</div>
      }
      description={props.arn && <Copied text={props.arn} />}
    >
      <SpaceBetween size="s" direction="horizontal" alignItems="center">
        <span>{props.name}</span>
        {props.status && (
          <Box fontSize="body-m" fontWeight="normal" display="inline-block">
            <Status value={props.status} />
          </Box>
        )}
      </SpaceBetween>
    </Header>
  );
}

/** Key facts in pairs; those that are not there are left out. */
export function Facts({ title, pairs }: { title: string; pairs: [string, ReactNode][] }) {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <KeyValuePairs columns={3} items={shown.map(([label, value]) => ({ label, value }))} />
    </Container>
  );
}

/** One phase of what happened to a resource. */
export interface Phase {
  name: string;
  message?: string;
  begun?: Date;
  ended?: Date;
  status: StepsProps.Status;
}

/** What happened, phase by phase, each with its time and how long it took. */
export function Timeline({ phases }: { phases: Phase[] }) {
  const { t } = useTranslation();
  return (
    <Container header={<Header variant="h2">{t("resource.timeline")}</Header>}>
      <Steps
        ariaLabel={t("resource.timeline")}
        steps={phases.map((phase) => ({
          status: phase.status,
          header: (
            <span>
              <Box variant="strong" display="inline">
                {phase.name}
              </Box>{" "}
              <Box display="inline" color="text-body-secondary" fontSize="body-s">
                {phase.begun && moment(phase.begun)}
                {phase.begun && ` · ${span(phase.begun, phase.ended)}`}
              </Box>
            </span>
          ),
          details: phase.message,
          statusIconAriaLabel: phase.status,
        }))}
      />
    </Container>
  );
}

/** Tabs whose choice stands in the address; only the one that is shown is there. */
export function PageTabs({ tabs }: { tabs: { id: string; label: string; content: () => ReactNode }[] }) {
  const [tab, setTab] = useParam("tab");
  const active = tabs.find((each) => each.id === tab)?.id ?? tabs[0]?.id ?? "";
  return (
    <Tabs
      activeTabId={active}
      onChange={({ detail }) => setTab(detail.activeTabId)}
      tabs={tabs.map((each) => ({ id: each.id, label: each.label, content: each.id === active ? each.content() : null }))}
    />
  );
}
