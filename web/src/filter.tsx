import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { useTranslation } from "react-i18next";

type FilterProps = PropertyFilterProps & {
  matches: number;
  /** Keeps the filter where the page's address is; empty for none. */
  keep: (filter: string) => void;
};

/** What chooses rows: any number of properties and values. */
export default function Filter({ matches, keep, ...given }: FilterProps) {
  const { t } = useTranslation();
  return (
    <PropertyFilter
      {...given}
      onChange={(event) => {
        given.onChange(event);
        keep(event.detail.tokens.length || event.detail.tokenGroups?.length ? JSON.stringify(event.detail) : "");
      }}
      filteringPlaceholder={t("table.find")}
      filteringAriaLabel={t("table.find")}
      countText={t("table.matches", { count: matches })}
      expandToViewport
    />
  );
}
