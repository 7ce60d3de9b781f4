import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useTranslation } from "react-i18next";

type Look = StatusIndicatorProps.Type;

/** AWS's statuses by how they look; the word is always there beside the picture. */
const LOOKS: Record<string, Look> = {
  Pending: "pending",
  Creating: "in-progress",
  Updating: "in-progress",
  Deleting: "in-progress",
  Stopping: "in-progress",
  InProgress: "in-progress",
  SystemUpdating: "in-progress",
  RollingBack: "in-progress",
  InService: "success",
  Completed: "success",
  Created: "success",
  Stopped: "stopped",
  Deleted: "stopped",
  OutOfService: "warning",
  Failed: "error",
  CreateFailed: "error",
  UpdateFailed: "error",
  DeleteFailed: "error",
  UpdateRollbackFailed: "error",
};

/** CREATE_FAILED and Update_Failed are what other kinds of resources call CreateFailed and UpdateFailed. */
export function plain(status: string | undefined): string {
  const words = (status ?? "").split("_");
  return words.length > 1 || /^[A-Z]+$/.test(status ?? "")
    ? words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join("")
    : (status ?? "");
}

/** A status as its word and its picture. */
export function Status({ value }: { value: string | undefined }) {
  const { t } = useTranslation();
  const known = plain(value);
  return (
    <StatusIndicator type={LOOKS[known] ?? "info"}>
      {known in LOOKS ? t(`state.${known}`) : (value ?? "–")}
    </StatusIndicator>
  );
}
