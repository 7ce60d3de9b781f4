import Box from "@cloudscape-design/components/box";
import { useTranslation } from "react-i18next";
import { useTrail } from "../frame";
import { To } from "../links";

export default function Absent() {
  const { t } = useTranslation();
  useTrail([{ text: t("absent.title"), href: "#" }]);
  return (
    <Box textAlign="center" padding="xxl">
      <Box variant="h1">{t("absent.title")}</Box>
      <To href="/">{t("absent.home")}</To>
    </Box>
  );
}
