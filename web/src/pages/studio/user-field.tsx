import { ListUserProfilesCommand } from "@aws-sdk/client-sagemaker";
import Select from "@cloudscape-design/components/select";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { sagemaker } from "../../clients/sagemaker";
import { Field } from "../../form";
import { every } from "../../pages";
import { useSettings } from "../../settings";

interface UserFieldProps {
  label: string;
  api: string;
  domain: string;
  value: string;
  /** Who is chosen at first, if he is a user of the domain. */
  likely?: string;
  change: (name: string) => void;
  error?: unknown;
}

/** One of a domain's users; the only one is chosen already. */
export function UserField({ label, api, domain, value, likely, change, error }: UserFieldProps) {
  const { region } = useSettings();
  const users = useQuery({
    queryKey: ["user-names", region, domain],
    meta: { live: ["user-profile"] },
    enabled: Boolean(domain),
    queryFn: () =>
      every(async (token) => {
        const answer = await sagemaker.send(
          new ListUserProfilesCommand({ DomainIdEquals: domain, MaxResults: 100, NextToken: token }),
        );
        return { items: answer.UserProfiles ?? [], next: answer.NextToken };
      }),
  });
  const names = (users.data ?? []).map((each) => each.UserProfileName ?? "");
  const first = names.length === 1 ? names[0] : names.find((name) => name === likely);
  useEffect(() => {
    if (!value && first) {
      change(first);
    }
  }, [value, first, change]);
  return (
    <Field label={label} api={api} error={error ?? users.error}>
      <Select
        selectedOption={value ? { value, label: value } : null}
        options={names.map((name) => ({ value: name, label: name }))}
        statusType={users.isFetching ? "loading" : "finished"}
        filteringType="auto"
        onChange={({ detail }) => change(detail.selectedOption.value ?? "")}
      />
    </Field>
  );
}
