import { ListUserProfilesCommand, type UserProfileDetails } from "@aws-sdk/client-sagemaker";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sagemaker } from "../../clients/sagemaker";
import { place, To } from "../../links";
import { OpenStudio } from "../../opening";
import { useSettings } from "../../settings";

const SHOWN = 3;

/** The users whose Studio can be opened, the first few of them. */
function useProfiles() {
  const { region } = useSettings();
  return useQuery({
    queryKey: ["first-profiles", region],
    meta: { live: ["user-profile"] },
    queryFn: async (): Promise<UserProfileDetails[]> =>
      (
        await sagemaker.send(
          new ListUserProfilesCommand({ MaxResults: SHOWN, SortBy: "LastModifiedTime", SortOrder: "Descending" }),
        )
      ).UserProfiles ?? [],
  });
}

/** What can be begun from here, each with one click. */
export function Beginnings() {
  const { t } = useTranslation();
  const profiles = useProfiles();
  return (
    <Container fitHeight header={<Header variant="h2">{t("home.begin")}</Header>}>
      <SpaceBetween size="s">
        {(profiles.data ?? []).map((each) => (
          <div key={`${each.DomainId}/${each.UserProfileName}`} className="few">
            <To href={place("/studio/users", { domain: each.DomainId, user: each.UserProfileName })}>
              {each.UserProfileName}
            </To>
            <OpenStudio
              domain={each.DomainId ?? ""}
              user={each.UserProfileName ?? ""}
              inline
              disabled={each.Status !== "InService"}
            />
          </div>
        ))}
        {profiles.data?.length === 0 && <Box color="text-body-secondary">{t("studio.noUsers")}</Box>}
        <To href="/studio/notebooks">{t("notebooks.create")}</To>
        <To href="/data">{t("home.upload")}</To>
        <To href={place("/studio/domains", { create: "quick" })}>{t("studio.createDomain")}</To>
      </SpaceBetween>
    </Container>
  );
}
