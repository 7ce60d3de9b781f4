import { MlTools } from "@aws-sdk/client-sagemaker";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useTranslation } from "react-i18next";
import { Field } from "../../form";

const OPTIONS = Object.values(MlTools)
  .sort()
  .map((value) => ({ value, label: value.replace(/([a-z])([A-Z])/g, "$1 $2") }));

/** What Studio's menus leave out. */
export function ToolsField({ hidden, change, error }: { hidden: string[]; change: (hidden: string[]) => void; error: unknown }) {
  const { t } = useTranslation();
  return (
    <Field label={t("studio.hidden")} api="StudioWebPortalSettings.HiddenMlTools" error={error} hint={t("studio.hiddenHint")}>
      <Multiselect
        selectedOptions={OPTIONS.filter((each) => hidden.includes(each.value))}
        options={OPTIONS}
        filteringType="auto"
        placeholder={t("studio.hiddenNone")}
        onChange={({ detail }) => change(detail.selectedOptions.map((each) => each.value ?? ""))}
      />
    </Field>
  );
}
