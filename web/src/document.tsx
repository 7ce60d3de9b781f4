import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { useTranslation } from "react-i18next";

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // half a document, or none: shown as it is
    return text;
  }
}

/** A text as it is, or a JSON document with its structure shown; copying gives what is shown. */
export function Document({ text, json = false }: { text: string; json?: boolean }) {
  const { t } = useTranslation();
  const shown = json ? indented(text) : text;
  return (
    <div style={{ position: "relative" }}>
      <div style={{ position: "absolute", right: 8, top: 8 }}>
        <CopyToClipboard
          variant="icon"
          textToCopy={shown}
          copyButtonAriaLabel={t("action.copy")}
          copySuccessText={t("action.copied")}
          copyErrorText={t("action.copyFailed")}
        />
      </div>
      <Box variant="code" display="block">
        <pre className="document" tabIndex={0} aria-label={t("document.label")}>
          {shown}
        </pre>
      </Box>
    </div>
  );
}
