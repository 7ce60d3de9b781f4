import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { s3 } from "./clients/s3";
import type { Page } from "./pages";

/** A row of the browser: an object, or what keys up to a slash have in common. */
export interface Entry {
  key: string;
  folder: boolean;
  size?: number;
  modified?: Date;
  storageClass?: string;
}

/** What of a deletion was refused. */
export interface Refused {
  key: string;
  code: string;
  message: string;
}

const BATCH = 1000;

/** Keys may hold what XML cannot: they come percent-encoded. */
function decoded(text: string | undefined): string {
  return decodeURIComponent((text ?? "").replaceAll("+", " "));
}

/** A page of what lies directly under a prefix. */
export async function entries(bucket: string, prefix: string, find: string, rows: number, token?: string): Promise<Page<Entry>> {
  const answer = await s3.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix + find,
      Delimiter: "/",
      MaxKeys: rows,
      ContinuationToken: token,
      EncodingType: "url",
    }),
  );
  const folders = (answer.CommonPrefixes ?? []).map((each) => ({ key: decoded(each.Prefix), folder: true }));
  const objects = (answer.Contents ?? [])
    .map((each) => ({
      key: decoded(each.Key),
      folder: false,
      size: each.Size,
      modified: each.LastModified,
      storageClass: each.StorageClass,
    }))
    .filter((each) => each.key !== prefix);
  return { items: [...folders, ...objects], next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
}

/** Whether deleted objects keep their versions; undefined where the user may not know. */
export async function versioned(bucket: string): Promise<boolean | undefined> {
  try {
    return (await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status === "Enabled";
  } catch {
    return undefined;
  }
}

async function remove(bucket: string, keys: string[]): Promise<Refused[]> {
  if (keys.length === 0) {
    return [];
  }
  const answer = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) } }),
  );
  return (answer.Errors ?? []).map((each) => ({
    key: each.Key ?? "",
    code: each.Code ?? "",
    message: each.Message ?? "",
  }));
}

/** Deletes objects, and all below folders; what was refused stays and is told. */
export async function removeAll(bucket: string, chosen: Entry[]): Promise<{ removed: number; refused: Refused[] }> {
  const refused: Refused[] = [];
  let asked = 0;
  const objects = chosen.filter((each) => !each.folder).map((each) => each.key);
  for (let at = 0; at < objects.length; at += BATCH) {
    refused.push(...(await remove(bucket, objects.slice(at, at + BATCH))));
  }
  asked += objects.length;
  for (const folder of chosen.filter((each) => each.folder)) {
    let after: string | undefined;
    do {
      // goes on behind the last key: what was refused is not met again
      const answer = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: folder.key, StartAfter: after, EncodingType: "url" }),
      );
      const keys = (answer.Contents ?? []).map((each) => decoded(each.Key));
      asked += keys.length;
      refused.push(...(await remove(bucket, keys)));
      after = answer.IsTruncated ? keys.at(-1) : undefined;
    } while (after !== undefined);
  }
  return { removed: asked - refused.length, refused };
}

/** The part of the name behind the last slash. */
export function leaf(key: string): string {
  return key.replace(/\/$/, "").split("/").at(-1) || key;
}

type SaveDialog = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<WritableStream> }>;

const LARGE = 64 * 1024 * 1024;

/** Saves an object on the user's machine; a large one goes straight to the file where the browser can. */
export async function download(bucket: string, key: string, version?: string): Promise<void> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
  const dialog = (window as unknown as { showSaveFilePicker?: SaveDialog }).showSaveFilePicker;
  const stream = answer.Body?.transformToWebStream();
  if (!stream) {
    return;
  }
  if (dialog && (answer.ContentLength ?? 0) > LARGE) {
    const file = await dialog({ suggestedName: leaf(key) });
    await stream.pipeTo(await file.createWritable());
    return;
  }
  const url = URL.createObjectURL(new Blob([await new Response(stream).blob()], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = leaf(key);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
