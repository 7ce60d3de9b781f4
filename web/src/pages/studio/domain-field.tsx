import Select from "@cloudscape-design/components/select";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../form";
import { useDomains } from "./domains";

/** Which domain something is made in; the only one is chosen already. */
export function DomainField({ value, change, error }: { value: string; change: (id: string) => void; error: unknown }) {
  const { t } = useTranslation();
  const domains = useDomains();
  const options = domains.items.map((each) => ({ value: each.DomainId, label: each.DomainName, description: each.DomainId }));
  const only = options.length === 1 ? options[0]?.value : undefined;
  useEffect(() => {
    if (!value && only) {
      change(only);
    }
  }, [value, only, change]);
  return (
    <Field label={t("studio.domain")} api="DomainId" error={error}>
      <Select
        selectedOption={options.find((each) => each.value === value) ?? null}
        options={options}
        statusType={domains.loading ? "loading" : "finished"}
        onChange={({ detail }) => change(detail.selectedOption.value ?? "")}
      />
    </Field>
  );
}
