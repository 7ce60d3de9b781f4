import { place, To } from "./links";
import { placeOf } from "./noun-places";

/** What an ARN names, as a link to its page where it has one; the text is its name, the whole ARN stands beside. */
export function Noun({ arn, whole = false }: { arn: string | undefined; whole?: boolean }) {
  if (!arn) {
    return <>–</>;
  }
  const href = placeOf(arn);
  const name = whole ? arn : arn.slice(arn.search(/[:/][^:/]*$/) + 1);
  return href ? <To href={href}>{name}</To> : <span title={arn}>{name}</span>;
}

/** An S3 URI as a link into the browser of buckets: to the folder, or to the object itself. */
export function Stored({ uri }: { uri: string | undefined }) {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri ?? "") ?? [];
  if (!uri || !bucket) {
    return <>{uri ?? "–"}</>;
  }
  const folder = !key || key.endsWith("/") || !/\.[A-Za-z0-9]{1,8}$/.test(key);
  const prefix = key && !key.endsWith("/") ? `${key}/` : key;
  return (
    <To href={folder ? place("/data", { bucket, prefix }) : place("/data/object", { bucket, key })}>{uri}</To>
  );
}
