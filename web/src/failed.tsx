import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useTranslation } from "react-i18next";
import { failure } from "./failure";

/** AWS's words about a call that failed, and which permission a denied one lacks. */
export function Reason({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { message, denied, requestId } = failure(error);
  return (
    <SpaceBetween size="xxs">
      <div>{message}</div>
      {denied && (
        <div>
          {t(denied.explicit ? "failure.explicit" : "failure.missing")} <Box variant="code">{denied.action}</Box>
          {denied.resource && (
            <>
              {" "}
              {t("failure.on")} <Box variant="code">{denied.resource}</Box>
            </>
          )}
        </div>
      )}
      {requestId && (
        <Box variant="small" color="inherit">
          {t("failure.requestId")} {requestId}
        </Box>
      )}
    </SpaceBetween>
  );
}

export function title(t: (key: string) => string, error: unknown): string {
  const known = failure(error);
  return known.denied || known.code.startsWith("AccessDenied") ? t("failure.denied") : known.code;
}

/** A part of a page that could not be read, with a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      header={title(t, error)}
      action={retry && <Button onClick={retry}>{t("action.retry")}</Button>}
      statusIconAriaLabel={t("status.error")}
    >
      <Reason error={error} />
    </Alert>
  );
}
