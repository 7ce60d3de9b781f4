import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { s3 } from "../clients/s3";
import { Deletion } from "../deletion";
import { Failed } from "../failed";
import { useFlash } from "../flash";
import { useTrail } from "../frame";
import { place, To, useParam } from "../links";
import { List } from "../list";
import { bytes, moment } from "../numbers";
import { trail } from "../objects";
import { usePages } from "../pages";
import { Preview } from "../preview";
import { download, leaf } from "../s3";
import { useSettings } from "../settings";

/** One object: what it is, what is in it, its versions and tags. */
export default function ObjectPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { fail } = useFlash();
  const [bucket] = useParam("bucket");
  const [key] = useParam("key");
  const [versionText] = useParam("version");
  const [tab] = useParam("tab");
  const [deleting, setDeleting] = useState(false);
  const version = versionText || undefined;
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  useTrail([...trail(t("nav.data"), bucket, folder), { text: leaf(key), href: place("/data/object", { bucket, key }) }]);
  const tabHref = (id: string) => place("/data/object", { bucket, key, version, tab: id });
  const address = `s3://${bucket}/${key}`;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={
            <CopyToClipboard
              variant="inline"
              textToCopy={address}
              copyButtonAriaLabel={t("data.copyAddress")}
              copySuccessText={t("action.copied")}
              copyErrorText={t("action.copyFailed")}
            />
          }
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="download" onClick={() => void download(bucket, key, version).catch(fail)}>
                {t("data.download")}
              </Button>
              {!version && <Button onClick={() => setDeleting(true)}>{t("data.delete")}</Button>}
            </SpaceBetween>
          }
        >
          {leaf(key)}
        </Header>
      }
    >
      <Tabs
        activeTabId={tab || "overview"}
        onChange={({ detail }) => void navigate(tabHref(detail.activeTabId), { replace: true })}
        tabs={[
          {
            id: "overview",
            label: t("object.overview"),
            content: <Overview bucket={bucket} objectKey={key} version={version} />,
          },
          { id: "versions", label: t("object.versions"), content: <Versions bucket={bucket} objectKey={key} /> },
          { id: "tags", label: t("object.tags"), content: <Tags bucket={bucket} objectKey={key} version={version} /> },
        ]}
      />
      {deleting && (
        <Deletion
          bucket={bucket}
          chosen={[{ key, folder: false }]}
          close={(changed) => {
            setDeleting(false);
            if (changed) {
              void navigate(place("/data", { bucket, prefix: folder }));
            }
          }}
        />
      )}
    </ContentLayout>
  );
}

interface Shown {
  bucket: string;
  objectKey: string;
  version?: string;
}

/** What the object is, and what is in it. */
function Overview({ bucket, objectKey, version }: Shown) {
  const { t } = useTranslation();
  const head = useQuery({
    queryKey: ["head", bucket, objectKey, version],
    queryFn: () => s3.send(new HeadObjectCommand({ Bucket: bucket, Key: objectKey, VersionId: version })),
  });
  return (
    <SpaceBetween size="l">
      {head.isError && (
        <Failed error={named(head.error, t("object.notReadable"))} retry={() => void head.refetch()} />
      )}
      {head.isPending && <Spinner />}
      {head.data && (
        <Container header={<Header variant="h2">{t("object.facts")}</Header>}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: t("data.size"), value: `${bytes(head.data.ContentLength)}` },
              { label: t("data.modified"), value: moment(head.data.LastModified) },
              { label: t("object.type"), value: head.data.ContentType ?? "–" },
              { label: "ETag", value: head.data.ETag ?? "–" },
              { label: t("object.version"), value: head.data.VersionId ?? "–" },
              { label: t("data.storageClass"), value: head.data.StorageClass ?? "STANDARD" },
              { label: t("object.encryption"), value: head.data.ServerSideEncryption ?? "–" },
              {
                label: t("object.metadata"),
                value:
                  Object.entries(head.data.Metadata ?? {})
                    .map(([name, value]) => `${name} = ${value}`)
                    .join(", ") || "–",
              },
            ]}
          />
        </Container>
      )}
      {head.data && (
        <Container header={<Header variant="h2">{t("object.preview")}</Header>}>
          <Preview
            bucket={bucket}
            objectKey={objectKey}
            version={version}
            size={head.data.ContentLength ?? 0}
            type={head.data.ContentType}
          />
        </Container>
      )}
    </SpaceBetween>
  );
}

/** HEAD has no body, so S3 can only tell the status: say what that means here. */
function named(error: Error, forbidden: string): unknown {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 403 ? { ...error, name: "AccessDenied", message: forbidden } : error;
}

interface Version {
  id: string;
  latest: boolean;
  marker: boolean;
  size?: number;
  modified?: Date;
}

function Versions({ bucket, objectKey }: { bucket: string; objectKey: string }) {
  const { t } = useTranslation();
  const { rows } = useSettings();
  const pages = usePages<Version>(["versions", bucket, objectKey, rows], async (token) => {
    const answer = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: objectKey,
        MaxKeys: rows,
        KeyMarker: token ? objectKey : undefined,
        VersionIdMarker: token,
      }),
    );
    const items = [
      ...(answer.Versions ?? []).map((each) => ({ ...each, marker: false })),
      ...(answer.DeleteMarkers ?? []).map((each) => ({ ...each, Size: undefined, marker: true })),
    ]
      .filter((each) => each.Key === objectKey)
      .map((each) => ({
        id: each.VersionId ?? "null",
        latest: each.IsLatest ?? false,
        marker: each.marker,
        size: each.Size,
        modified: each.LastModified,
      }))
      .sort((a, b) => Number(b.modified ?? 0) - Number(a.modified ?? 0));
    // keys that only begin like this one follow behind its versions
    const goesOn = answer.IsTruncated && answer.NextKeyMarker === objectKey;
    return { items, next: goesOn ? answer.NextVersionIdMarker : undefined };
  });
  return (
    <List
      title={t("object.versions")}
      level="h2"
      pages={pages}
      trackBy={(each) => each.id}
      columns={[
        {
          id: "id",
          header: t("object.version"),
          isRowHeader: true,
          width: 380,
          cell: (each) =>
            each.marker ? (
              each.id
            ) : (
              <To href={place("/data/object", { bucket, key: objectKey, version: each.id })}>{each.id}</To>
            ),
        },
        {
          id: "state",
          header: t("object.state"),
          cell: (each) =>
            each.marker ? (
              <StatusIndicator type="stopped">{t("object.marker")}</StatusIndicator>
            ) : each.latest ? (
              <StatusIndicator type="success">{t("object.latest")}</StatusIndicator>
            ) : (
              <StatusIndicator type="info">{t("object.former")}</StatusIndicator>
            ),
        },
        { id: "size", header: t("data.size"), cell: (each) => bytes(each.size) },
        { id: "modified", header: t("data.modified"), cell: (each) => moment(each.modified), width: 280 },
      ]}
      empty={t("object.noVersions")}
    />
  );
}

function Tags(props: Shown) {
  const { t } = useTranslation();
  const pages = usePages<{ Key?: string; Value?: string }>(
    ["object-tags", props.bucket, props.objectKey, props.version],
    async () => ({
      items:
        (
          await s3.send(
            new GetObjectTaggingCommand({ Bucket: props.bucket, Key: props.objectKey, VersionId: props.version }),
          )
        ).TagSet ?? [],
    }),
  );
  return (
    <List
      title={t("object.tags")}
      level="h2"
      pages={pages}
      trackBy={(tag) => tag.Key ?? ""}
      columns={[
        { id: "key", header: t("object.tagKey"), cell: (tag) => tag.Key, isRowHeader: true },
        { id: "value", header: t("object.tagValue"), cell: (tag) => tag.Value || "–" },
      ]}
      empty={t("object.noTags")}
    />
  );
}
