import { DeleteAppCommand, ListAppsCommand, type AppDetails } from "@aws-sdk/client-sagemaker";
import { sagemaker } from "../../clients/sagemaker";
import { PAGE_ROWS, useRows } from "../../rows";
import { useSettings } from "../../settings";

/** The app's own words: domain, whose it is, type and name. */
export const appOf = (each: AppDetails) =>
  [each.DomainId, each.UserProfileName ?? "", each.SpaceName ?? "", each.AppType, each.AppName].join("/");

/** Ends the app of that name. */
export function deleteApp(name: string) {
  const [DomainId, user, space, AppType, AppName] = name.split("/");
  return sagemaker.send(
    new DeleteAppCommand({
      DomainId,
      AppType: AppType as "JupyterServer",
      AppName,
      UserProfileName: user || undefined,
      SpaceName: space || undefined,
    }),
  );
}

/** Every app that the filters let through. */
export function useApps(filter: { domain?: string; user?: string; space?: string } = {}) {
  const { region } = useSettings();
  return useRows<AppDetails>(
    ["apps", region, filter.domain, filter.user, filter.space],
    ["app"],
    async (token) => {
      const answer = await sagemaker.send(
        new ListAppsCommand({
          DomainIdEquals: filter.domain,
          UserProfileNameEquals: filter.user,
          SpaceNameEquals: filter.space,
          MaxResults: PAGE_ROWS,
          NextToken: token,
        }),
      );
      return { items: answer.Apps ?? [], next: answer.NextToken };
    },
    appOf,
  );
}
