import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Document } from "../../document";
import { Failed } from "../../failed";
import { Field } from "../../form";
import { codesLeft, newCodes } from "../../recovery";

/** Codes that stand in for a lost device, once each. */
export function RecoveryCodes() {
  const { t } = useTranslation();
  const left = useQuery({ queryKey: ["recovery-codes"], queryFn: codesLeft });
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const [error, setError] = useState<unknown>();
  const make = () =>
    newCodes(code).then((made) => {
      setCodes(made);
      setCode("");
      setError(undefined);
      void left.refetch();
    }, setError);
  return (
    <Container
      header={
        <Header variant="h2" counter={left.data === undefined ? "" : `(${left.data})`} description={t("security.recoveryText")}>
          {t("security.recovery")}
        </Header>
      }
    >
      <div className="fields">
        {error !== undefined && <Failed error={error} />}
        {codes && (
          <>
            <Box variant="strong">{t("security.keep")}</Box>
            <Document text={codes.join("\n")} />
          </>
        )}
        <Field label={t("security.code")} api="code">
          <Input value={code} inputMode="numeric" autoComplete="one-time-code" onChange={({ detail }) => setCode(detail.value.trim())} />
        </Field>
        <div>
          <Button disabled={!/^\d{6}$/.test(code)} onClick={() => void make()}>
            {t("security.make")}
          </Button>
        </div>
      </div>
    </Container>
  );
}
