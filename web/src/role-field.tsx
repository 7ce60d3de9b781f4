import { ListRolesCommand } from "@aws-sdk/client-iam";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { iam } from "./clients/iam";
import { Field } from "./form";
import { every } from "./pages";

const NewRole = lazy(() => import("./role-new"));

/** The roles that SageMaker may act as; whoever may not list them types an ARN. */
export function useRoles() {
  return useQuery({
    queryKey: ["roles", "sagemaker"],
    meta: { live: ["role"] },
    queryFn: async () =>
      (
        await every(async (token) => {
          const answer = await iam.send(new ListRolesCommand({ Marker: token }));
          return { items: answer.Roles ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
        })
      ).filter((each) => (each.AssumeRolePolicyDocument ?? "").includes("sagemaker.amazonaws.com")),
  });
}

/** The role that something acts as: one that is there, or one that is made on the way where `fresh` allows it. */
export function RoleField(props: {
  label: string;
  api: string;
  value: string;
  error?: unknown;
  hint?: string;
  fresh?: boolean;
  change: (arn: string) => void;
}) {
  const { t } = useTranslation();
  const roles = useRoles();
  const [making, setMaking] = useState(false);
  const close = (arn: string) => {
    setMaking(false);
    if (arn) {
      props.change(arn);
      void roles.refetch();
    }
  };
  return (
    <Field label={props.label} api={props.api} error={props.error} hint={props.hint}>
      <Autosuggest
        value={props.value}
        placeholder="arn:aws:iam::…:role/…"
        ariaLabel={props.label}
        statusType={roles.isPending ? "loading" : "finished"}
        options={(roles.data ?? []).map((role) => ({ value: role.Arn, label: role.RoleName, description: role.Arn }))}
        enteredTextLabel={(text) => t("form.use", { text })}
        onChange={({ detail }) => props.change(detail.value)}
        onSelect={({ detail }) => props.change(detail.value)}
      />
      {props.fresh && (
        <Button variant="inline-link" onClick={() => setMaking(true)}>
          {t("role.create")}
        </Button>
      )}
      {making && (
        <Suspense>
          <NewRole close={close} />
        </Suspense>
      )}
    </Field>
  );
}
