import { CreatePresignedDomainUrlCommand, CreatePresignedNotebookInstanceUrlCommand } from "@aws-sdk/client-sagemaker";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sagemaker } from "./clients/sagemaker";
import { useFlash } from "./flash";

interface OpeningProps {
  text: string;
  /** Whose page is opened. */
  of: string;
  /** Asks for the address, which is good once. */
  address: () => Promise<string | undefined>;
  primary?: boolean;
  inline?: boolean;
  disabled?: boolean;
}

/** Opens a page of another host in a tab of its own. */
function Opening(props: OpeningProps) {
  const { fail } = useFlash();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    // the tab is opened by the click itself: browsers stop those that come later
    const tab = window.open("", "_blank");
    setBusy(true);
    try {
      const address = await props.address();
      if (tab && address) {
        tab.opener = null;
        tab.location.href = address;
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
      ariaLabel={`${props.text}: ${props.of}`}
      onClick={() => void open()}
    >
      {props.text}
    </Button>
  );
}

type Looks = Pick<OpeningProps, "primary" | "inline" | "disabled">;

interface Studio {
  domain: string;
  user: string;
  space?: string;
  /** Which page is opened, as LandingUri names it. */
  landing?: string;
}

/** Opens Studio of a user, or the app of a space. */
export function OpenStudio({ domain, user, space, landing, ...looks }: Looks & Studio) {
  const { t } = useTranslation();
  const address = async () => {
    const answer = await sagemaker.send(
      new CreatePresignedDomainUrlCommand({ DomainId: domain, UserProfileName: user, SpaceName: space, LandingUri: landing }),
    );
    return answer.AuthorizedUrl;
  };
  return <Opening {...looks} text={t(space ? "studio.openSpace" : "studio.open")} of={space ?? user} address={address} />;
}

/** Opens JupyterLab of a notebook instance. */
export function OpenNotebook({ name, ...looks }: Looks & { name: string }) {
  const { t } = useTranslation();
  const address = async () => {
    const answer = await sagemaker.send(new CreatePresignedNotebookInstanceUrlCommand({ NotebookInstanceName: name }));
    return answer.AuthorizedUrl;
  };
  return <Opening {...looks} text={t("notebooks.open")} of={name} address={address} />;
}
