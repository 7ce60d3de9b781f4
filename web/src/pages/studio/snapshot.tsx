import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTrail } from "../../frame";
import { useParam } from "../../links";
import { moment } from "../../numbers";
import { OpenStudio } from "../../opening";
import { own } from "../../own-api";
import type { Session } from "../../session";
import { useSettings } from "../../settings";
import { DomainField } from "./domain-field";
import { UserField } from "./user-field";

/** What is shared and by whom, where who is signed in may know it. */
function useShared(domain: string, id: string) {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["snapshot", region, domain, id],
    enabled: domain !== "" && id !== "",
    retry: false,
    queryFn: async () => {
      const answer = await own("GET", `/studio-api/snapshots?${new URLSearchParams({ domain, id })}`);
      return (await answer.json()) as { name: string; owner: string; created: string };
    },
  });
}

/** Leads whoever opens a link to a shared notebook to his own Studio, which shows it. */
export default function SharedSnapshot({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [domain, setDomain] = useParam("domain");
  const [id] = useParam("id");
  const [user, setUser] = useState("");
  const shared = useShared(domain, id).data;
  useTrail([{ text: t("studio.shared"), href: "/studio/snapshots" }]);
  return (
    <Container header={<Header variant="h1" description={t("studio.sharedSays")}>{t("studio.shared")}</Header>}>
      <SpaceBetween size="l">
        {shared && (
          <Box variant="p">
            {t("studio.sharedBy", { name: shared.name, owner: shared.owner, time: moment(new Date(shared.created)) })}
          </Box>
        )}
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
