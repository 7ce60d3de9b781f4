import { GetObjectCommand } from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { s3 } from "./clients/s3";
import { Document } from "./document";
import { Failed } from "./failed";
import { bytes } from "./numbers";

const Rows = lazy(() => import("./csv-rows"));

type Kind = "image" | "json" | "csv" | "text";

const TEXT_BYTES = 256 * 1024;
const IMAGE_BYTES = 10 * 1024 * 1024;
const ENDINGS: Record<string, Kind> = {
  png: "image", jpg: "image", jpeg: "image", gif: "image", webp: "image", svg: "image", bmp: "image",
  json: "json", ipynb: "json", jsonl: "text", csv: "csv", tsv: "csv",
  txt: "text", md: "text", py: "text", java: "text", sh: "text", yaml: "text", yml: "text", toml: "text", xml: "text",
  html: "text", log: "text", sql: "text", js: "text", ts: "text", ini: "text", cfg: "text", libsvm: "text",
};
const IMAGES: Record<string, string> = { svg: "image/svg+xml", jpg: "image/jpeg" };

/** How an object can be shown, by its name or its type; undefined when it cannot. */
export function kind(key: string, type: string | undefined): Kind | undefined {
  const ending = key.split(".").at(-1)?.toLowerCase() ?? "";
  const known = key.includes(".") ? ENDINGS[ending] : undefined;
  if (known) {
    return known;
  }
  if (type?.startsWith("image/")) {
    return "image";
  }
  return type?.startsWith("text/") ? "text" : type?.startsWith("application/json") ? "json" : undefined;
}

interface Shown {
  bucket: string;
  objectKey: string;
  version?: string;
  size: number;
  type?: string;
}

/** What is in an object, as far as a page should show it. */
export function Preview(props: Shown) {
  const { t } = useTranslation();
  const how = kind(props.objectKey, props.type);
  if (!how) {
    return <Box color="text-body-secondary">{t("preview.none")}</Box>;
  }
  if (props.size === 0) {
    return <Box color="text-body-secondary">{t("preview.empty")}</Box>;
  }
  if (how === "image" && props.size > IMAGE_BYTES) {
    return <Box color="text-body-secondary">{t("preview.large", { limit: bytes(IMAGE_BYTES) })}</Box>;
  }
  return how === "image" ? <Picture {...props} /> : <Words {...props} how={how} />;
}

function Picture({ bucket, objectKey, version, type }: Shown) {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string>();
  const ending = objectKey.split(".").at(-1)?.toLowerCase() ?? "";
  const content = useQuery({
    queryKey: ["picture", bucket, objectKey, version],
    queryFn: async () => {
      const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey, VersionId: version }));
      return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    },
  });
  useEffect(() => {
    if (!content.data) {
      return;
    }
    const media = type?.startsWith("image/") ? type : (IMAGES[ending] ?? `image/${ending}`);
    const made = URL.createObjectURL(new Blob([content.data as Uint8Array<ArrayBuffer>], { type: media }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content.data, type, ending]);
  if (content.isError) {
    return <Failed error={content.error} retry={() => void content.refetch()} />;
  }
  return url ? (
    <img src={url} alt={t("preview.picture", { name: objectKey })} style={{ maxWidth: "100%", maxHeight: "60vh" }} />
  ) : (
    <Spinner />
  );
}

function Words({ bucket, objectKey, version, size, how }: Shown & { how: Kind }) {
  const { t } = useTranslation();
  const part = size > TEXT_BYTES;
  const content = useQuery({
    queryKey: ["words", bucket, objectKey, version],
    queryFn: async () => {
      const answer = await s3.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: objectKey,
          VersionId: version,
          Range: part ? `bytes=0-${TEXT_BYTES - 1}` : undefined,
        }),
      );
      return (await answer.Body?.transformToString()) ?? "";
    },
  });
  if (content.isError) {
    return <Failed error={content.error} retry={() => void content.refetch()} />;
  }
  if (content.isPending) {
    return <Spinner />;
  }
  return (
    <>
      {part && (
        <Box color="text-body-secondary" padding={{ bottom: "s" }}>
          {t("preview.part", { shown: bytes(TEXT_BYTES), size: bytes(size) })}
        </Box>
      )}
      {how === "csv" ? <Suspense fallback={<Spinner />}><Rows text={content.data} part={part} /></Suspense> : <Document text={content.data} json={how === "json"} />}
    </>
  );
}
