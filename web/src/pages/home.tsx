import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useTranslation } from "react-i18next";
import { useTrail } from "../frame";
import { To } from "../links";
import { moment } from "../numbers";
import type { Session } from "../session";
import { useSettings } from "../settings";

/** Who is signed in, and where things are. */
export default function Home({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  useTrail([{ text: t("nav.home"), href: "/" }]);
  const places = [
    { name: "data", links: [["/data", "nav.data"]] },
    {
      name: "monitoring",
      links: [
        ["/monitoring/logs", "nav.logs"],
        ["/monitoring/metrics", "nav.metrics"],
        ["/monitoring/alarms", "nav.alarms"],
      ],
    },
    {
      name: "access",
      links: [
        ["/access/users", "nav.users"],
        ["/access/roles", "nav.roles"],
        ["/access/policies", "nav.policies"],
      ],
    },
  ] as const;
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t("home.subtitle")}>
          {t("home.title", { user: session.user })}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{t("home.identity")}</Header>}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: t("home.user"), value: session.user },
              { label: t("home.account"), value: session.account },
              {
                label: "ARN",
                value: (
                  <CopyToClipboard
                    variant="inline"
                    textToCopy={session.arn}
                    copyButtonAriaLabel={t("action.copyArn")}
                    copySuccessText={t("action.copied")}
                    copyErrorText={t("action.copyFailed")}
                  />
                ),
              },
              { label: t("home.until"), value: moment(new Date(session.expiresAt)) },
            ]}
          />
        </Container>
        <ColumnLayout columns={3}>
          {places.map((each) => (
            <Container key={each.name} fitHeight header={<Header variant="h2">{t(`home.${each.name}.title`)}</Header>}>
              <SpaceBetween size="s">
                <Box color="text-body-secondary">{t(`home.${each.name}.text`)}</Box>
                <SpaceBetween size="xs" direction="horizontal">
                  {each.links.map(([href, text]) => (
                    <To key={href} href={href} variant="primary">
                      {t(text)}
                    </To>
                  ))}
                </SpaceBetween>
              </SpaceBetween>
            </Container>
          ))}
        </ColumnLayout>
        <Box color="text-body-secondary" fontSize="body-s">
          {t("home.region", { region })}
        </Box>
      </SpaceBetween>
    </ContentLayout>
  );
}
