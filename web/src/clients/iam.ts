import { IAMClient } from "@aws-sdk/client-iam";
import { options, withSession } from "./with-session";

export const iam = withSession(new IAMClient(options("iam")));
