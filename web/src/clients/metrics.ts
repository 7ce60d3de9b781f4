import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { options, withSession } from "./with-session";

export const metrics = withSession(new CloudWatchClient(options("cloudwatch")));
