import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTrail } from "../../frame";
import { useParam } from "../../links";
import { OpenStudio } from "../../opening";
import type { Session } from "../../session";
import { DomainField } from "./domain-field";
import { UserField } from "./user-field";

/** Leads whoever opens a link to a shared notebook to his own Studio, which shows it. */
export default function SharedSnapshot({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [domain, setDomain] = useParam("domain");
  const [id] = useParam("id");
  const [user, setUser] = useState("");
  useTrail([{ text: t("studio.shared"), href: "/studio/snapshots" }]);
  return (
    <Container header={<Header variant="h1" description={t("studio.sharedSays")}>{t("studio.shared")}</Header>}>
      <SpaceBetween size="l">
        {!domain && <DomainField value={domain} change={setDomain} error={undefined} />}
        <UserField
          label={t("studio.openAs")}
          api="UserProfileName"
          domain={domain}
          value={user}
          likely={session.user}
          change={setUser}
        />
        <OpenStudio
          domain={domain}
          user={user}
          landing={`app:JupyterServer:lab?atelier-snapshot=${encodeURIComponent(id)}`}
          primary
          disabled={!domain || !user || !id}
        />
      </SpaceBetween>
    </Container>
  );
}
