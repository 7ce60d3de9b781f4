import { ListBucketsCommand, type Bucket } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { s3 } from "../clients/s3";
import { useForm } from "../dialog";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { moment } from "../numbers";
import { usePages } from "../pages";
import { useSettings } from "../settings";
import { Objects } from "../objects";

const NewBucket = lazy(() => import("../bucket-new"));

/** The S3 browser: buckets, and what lies in one. */
export default function Buckets() {
  const [bucket] = useParam("bucket");
  const [prefix] = useParam("prefix");
  return bucket ? <Objects key={bucket + "/" + prefix} bucket={bucket} prefix={prefix} /> : <BucketList />;
}

function BucketList() {
  const { t } = useTranslation();
  const { rows } = useSettings();
  const [find, setFind] = useParam("find");
  const [typed, setTyped] = useState(find);
  useTrail([{ text: t("nav.data"), href: "/data" }]);
  const pages = usePages<Bucket>(["buckets", rows, find], async (token) => {
    const answer = await s3.send(
      new ListBucketsCommand({ MaxBuckets: rows, ContinuationToken: token, Prefix: find || undefined }),
    );
    return { items: answer.Buckets ?? [], next: answer.ContinuationToken };
  });
  const [creating, open, close] = useForm(pages.refresh);
  return (
    <>
      <List
        title={t("data.buckets")}
        actions={
          <Button variant="primary" onClick={open}>
            {t("data.createBucket")}
          </Button>
        }
        description={t("data.bucketsText")}
        pages={pages}
        trackBy={(bucket) => bucket.Name ?? ""}
        columns={[
          {
            id: "name",
            header: t("data.name"),
            cell: (bucket) => <To href={place("/data", { bucket: bucket.Name })}>{bucket.Name}</To>,
            isRowHeader: true,
            width: 420,
          },
          { id: "region", header: t("bar.region"), cell: (bucket) => bucket.BucketRegion ?? "–" },
          { id: "created", header: t("data.created"), cell: (bucket) => moment(bucket.CreationDate) },
        ]}
        filter={
          <Input
            type="search"
            value={typed}
            placeholder={t("data.findBucket")}
            ariaLabel={t("data.findBucket")}
            onChange={({ detail }) => {
              setTyped(detail.value);
              setFind(detail.value);
            }}
          />
        }
        empty={t("data.noBuckets")}
      />
      {creating && (
        <Suspense>
          <NewBucket close={close} />
        </Suspense>
      )}
    </>
  );
}
