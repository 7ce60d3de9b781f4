import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { options, withSession } from "./with-session";

export const logs = withSession(new CloudWatchLogsClient(options("logs")));
