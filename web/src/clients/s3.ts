import { S3Client } from "@aws-sdk/client-s3";
import { options, withSession } from "./with-session";

export const s3 = withSession(
  new S3Client({
    ...options("s3"),
    forcePathStyle: true,
    // the content travels as it is, without the framing that checksums behind it need
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  }),
);
