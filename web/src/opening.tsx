import { CreatePresignedDomainUrlCommand } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "./clients/sagemaker";
import { useFlash } from "./flash";

/** Opens Studio of a user, or an app of a space, in a tab of its own, by an address that is good once. */
export function OpenStudio(props: { domain: string; user: string; space?: string; primary?: boolean; inline?: boolean; disabled?: boolean }) {
  const { t } = useTranslation();
  const { fail } = useFlash();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    // the tab is opened by the click itself: browsers stop those that come later
    const tab = window.open("", "_blank");
    setBusy(true);
    try {
      const answer = await sagemaker.send(
        new CreatePresignedDomainUrlCommand({
          DomainId: props.domain,
          UserProfileName: props.user,
          SpaceName: props.space,
        }),
      );
      if (tab && answer.AuthorizedUrl) {
        tab.opener = null;
        tab.location.href = answer.AuthorizedUrl;
      }
    } catch (error) {
      tab?.close();
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant={props.inline ? "inline-link" : props.primary ? "primary" : "normal"}
      iconName="external"
      iconAlign="right"
      loading={busy}
      disabled={props.disabled}
      ariaLabel={`${t("studio.open")}: ${props.space ?? props.user}`}
      onClick={() => void open()}
    >
      {t("studio.open")}
    </Button>
  );
}
