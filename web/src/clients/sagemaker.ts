import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { options, withSession } from "./with-session";

export const sagemaker = withSession(new SageMakerClient(options("sagemaker")));
