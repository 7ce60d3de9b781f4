import { CreateBucketCommand } from "@aws-sdk/client-s3";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { s3 } from "./clients/s3";
import { Dialog } from "./dialog";
import { Field } from "./form";
import { useSettings } from "./settings";

/** S3 has no constraint for its first region: there the request names none. */
const FIRST_REGION = "us-east-1";

/** A bucket in the region that is shown. */
export default function NewBucket({ close }: { close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const { region } = useSettings();
  const [name, setName] = useState("");
  const input = {
    Bucket: name,
    ...(region === FIRST_REGION ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } }),
  };
  return (
    <Dialog
      title={t("data.createBucket")}
      done={t("resource.created", { name })}
      request={{ service: "s3", operation: "CreateBucket", input }}
      ready={Boolean(name)}
      act={() => s3.send(new CreateBucketCommand(input))}
      close={close}
    >
      {(error) => (
        <Field label={t("data.name")} api="Bucket" error={error} hint={t("data.bucketHint")}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
        </Field>
      )}
    </Dialog>
  );
}
