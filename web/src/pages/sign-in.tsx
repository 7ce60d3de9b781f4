import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { issuers, Refusal, signIn, type Session, type SignIn as Entered } from "../session";
import { choose, useSettings } from "../settings";

const LAST_ACCOUNT = "atelier.account";

/** Where the page goes on after the sign-in: always one of its own. */
function onward(wanted: string | null): string {
  return wanted && /^\/(?!\/)[^\\]*$/.test(wanted) ? wanted : "/";
}

/** What may be missing behind the right password. */
interface Asked {
  reset: boolean;
  code: boolean;
}

/** Signs in, and goes on to the page that was wanted; knows what was refused and what is asked for besides. */
function useSignIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [asked, setAsked] = useState<Asked>({ reset: false, code: false });
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const enter = (session: Session) => {
    queries.clear();
    queries.setQueryData(["session"], session);
    void navigate(onward(params.get("to")), { replace: true });
  };
  const refuse = (error: unknown) => {
    const told = error instanceof Refusal ? error : new Refusal("Unknown", String(error));
    if (told.code === "PasswordResetRequired") {
      setAsked((known) => ({ ...known, reset: true }));
    }
    if (told.code === "MfaRequired") {
      setAsked((known) => ({ ...known, code: true }));
    }
    setRefusal(told);
    setBusy(false);
  };
  const send = (entered: Entered) => {
    setBusy(true);
    setRefusal(null);
    signIn(entered).then(enter, refuse);
  };
  return { asked, refusal, busy, send };
}

/** Redeems the one-use link that the address holds, now or later. */
function useLink(send: (entered: Entered) => void): void {
  const used = useRef("");
  useEffect(() => {
    const redeem = () => {
      const secret = new URLSearchParams(window.location.hash.slice(1)).get("link");
      if (secret && secret !== used.current) {
        used.current = secret;
        // the secret leaves the address before anything else happens
        window.history.replaceState(null, "", window.location.pathname);
        send({ link: secret });
      }
    };
    redeem();
    // a link that is opened where this page is already shown changes no more than this
    window.addEventListener("hashchange", redeem);
    return () => window.removeEventListener("hashchange", redeem);
    // what it calls keeps its meaning: one listener is enough
  }, []);
}

export default function SignIn() {
  const { t } = useTranslation();
  const { language } = useSettings();
  const [params] = useSearchParams();
  const { asked, refusal, busy, send } = useSignIn();
  useLink(send);
  useEffect(() => {
    document.title = `${t("signIn.title")} · Atelier`;
  }, [t]);
  return (
    <main style={{ minHeight: "100vh", display: "grid", placeItems: "center", padding: 24, boxSizing: "border-box" }}>
      <div style={{ width: "100%", maxWidth: 420 }}>
        <SpaceBetween size="l">
          <Box textAlign="center">
            <img src="/favicon.svg" width="56" height="56" alt="" />
            <Box variant="h1" padding={{ top: "s" }}>
              {t("signIn.title")}
            </Box>
            <Box color="text-body-secondary">{t("signIn.subtitle")}</Box>
          </Box>
          {params.get("ended") && !refusal && (
            <Alert type="info" statusIconAriaLabel={t("status.info")}>
              {t("signIn.ended")}
            </Alert>
          )}
          {refusal && <Refused refusal={refusal} />}
          {!refusal && params.get("refused") && <Refused refusal={new Refusal(params.get("refused") ?? "", "")} />}
          <PasswordForm asked={asked} busy={busy} send={send} />
          <Issuers />
          <Box textAlign="center" color="text-body-secondary" fontSize="body-s">
            {t("signIn.administrator")} <Box variant="code">./atelier console</Box>
          </Box>
          <Box textAlign="center">
            <Button
              variant="inline-link"
              formAction="none"
              onClick={() => choose({ language: language === "en" ? "zh-CN" : "en" })}
            >
              {language === "en" ? "中文" : "English"}
            </Button>
          </Box>
          {busy && (
            <Box textAlign="center">
              <Spinner />
            </Box>
          )}
        </SpaceBetween>
      </div>
    </main>
  );
}

/** Ways in by an issuer that knows the user: a real way to another page, and back. */
function Issuers() {
  const { t } = useTranslation();
  const known = useQuery({ queryKey: ["issuers"], queryFn: issuers, staleTime: 60_000 });
  return known.data?.length ? (
    <SpaceBetween size="s">
      {known.data.map((each) => (
        <Button key={each.id} fullWidth href={`/sso/start?provider=${each.id}`}>
          {t("signIn.by", { name: each.label })}
        </Button>
      ))}
    </SpaceBetween>
  ) : null;
}

/** What was refused, in the page's words where it has some. */
function Refused({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation();
  const known = [
    "SignInFailed", "MfaRequired", "MfaFailed", "PasswordResetRequired", "PasswordExpired", "SignInLinkEnded",
    "SsoFailed", "SsoNoUser", "SsoUnavailable",
  ].includes(refusal.code);
  return (
    <Alert
      type={refusal.code.endsWith("Required") ? "info" : "error"}
      statusIconAriaLabel={t(refusal.code.endsWith("Required") ? "status.info" : "status.error")}
    >
      <div role="alert">{known ? t(`signIn.refused.${refusal.code}`) : refusal.message || t("signIn.refused.SsoFailed")}</div>
    </Alert>
  );
}

type Field = [string, (value: string) => void];

/** The fields that are shown once they are asked for. */
function Missing({ asked, newPassword, code }: { asked: Asked; newPassword: Field; code: Field }) {
  const { t } = useTranslation();
  return (
    <>
      {asked.reset && (
        <FormField label={t("signIn.newPassword")}>
          <Input
            value={newPassword[0]}
            type="password"
            onChange={({ detail }) => newPassword[1](detail.value)}
            name="new-password"
            autoComplete="new-password"
            autoFocus
          />
        </FormField>
      )}
      {asked.code && (
        <FormField label={t("signIn.code")} constraintText={t("signIn.codeHint")}>
          <Input
            value={code[0]}
            onChange={({ detail }) => code[1](detail.value)}
            name="code"
            autoComplete="one-time-code"
            autoFocus
          />
        </FormField>
      )}
    </>
  );
}

/** What an IAM user enters. */
function PasswordForm({ asked, busy, send }: { asked: Asked; busy: boolean; send: (entered: Entered) => void }) {
  const { t } = useTranslation();
  const [account, setAccount] = useState(localStorage.getItem(LAST_ACCOUNT) ?? "");
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    localStorage.setItem(LAST_ACCOUNT, account);
    send({
      account: account.trim(),
      user: user.trim(),
      password,
      newPassword: asked.reset ? newPassword : undefined,
      code: asked.code ? code.trim() : undefined,
    });
  };
  return (
    <form onSubmit={submit}>
      <Container header={<Header variant="h2">{t("signIn.iamUser")}</Header>}>
        <Form
          actions={
            <Button variant="primary" formAction="submit" loading={busy} loadingText={t("signIn.busy")}>
              {t("signIn.submit")}
            </Button>
          }
        >
          <SpaceBetween size="m">
            <FormField label={t("signIn.account")} description={t("signIn.accountHint")}>
              <Input
                value={account}
                onChange={({ detail }) => setAccount(detail.value)}
                name="account"
                autoComplete="organization"
                autoFocus={!account}
              />
            </FormField>
            <FormField label={t("signIn.user")}>
              <Input
                value={user}
                onChange={({ detail }) => setUser(detail.value)}
                name="username"
                autoComplete="username"
                autoFocus={Boolean(account)}
                spellcheck={false}
              />
            </FormField>
            <FormField label={t("signIn.password")}>
              <Input
                value={password}
                type="password"
                onChange={({ detail }) => setPassword(detail.value)}
                name="password"
                autoComplete="current-password"
              />
            </FormField>
            <Missing asked={asked} newPassword={[newPassword, setNewPassword]} code={[code, setCode]} />
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}
