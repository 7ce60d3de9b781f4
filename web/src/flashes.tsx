import Flashbar from "@cloudscape-design/components/flashbar";
import { useTranslation } from "react-i18next";
import { useFlash } from "./flash";

/** The bar above every page. */
export default function Flashes() {
  const { t } = useTranslation();
  const { items, dismiss } = useFlash();
  return (
    <Flashbar
      items={items.map((each) => ({
        ...each,
        dismissible: true,
        dismissLabel: t("action.dismiss"),
        statusIconAriaLabel: t(`status.${each.type}`),
        onDismiss: () => dismiss(each.id),
        ariaRole: each.type === "error" ? "alert" : "status",
      }))}
    />
  );
}
