import { type Aws, refusal } from "../aws";
import { text } from "../texts";
import type { Place } from "./places";

/** A row: a bucket, what keys have in common up to a slash, or an object. */
export interface Entry {
  kind: "bucket" | "folder" | "object";
  /** The bucket's name, or the key. */
  key: string;
  size?: number;
  modified?: Date;
}

export interface Listed {
  entries: Entry[];
  next?: string;
}

const ROWS = 200;
/** What is shown of a text at once; more of it is downloaded. */
export const MOST_TEXT = 1 << 20;
const MOST_IMAGE = 20 << 20;

/** Keys may hold what XML cannot: they come percent-encoded. */
function decoded(text: string | undefined): string {
  return decodeURIComponent((text ?? "").replaceAll("+", " "));
}

/** The object store as the execution role sees it. */
export class Objects {
  constructor(private readonly aws: Promise<Aws | undefined>) {}

  private async s3() {
    const clients = await this.aws;
    if (!clients) {
      throw new Error(text("running.unreachable"));
    }
    return clients.s3();
  }

  /** A page of what lies directly at a place; `find` is what names begin with. */
  async list({ bucket, prefix }: Place, find: string, token?: string): Promise<Listed> {
    const { sdk, client } = await this.s3();
    if (bucket === undefined) {
      const { Buckets } = await client.send(new sdk.ListBucketsCommand({}));
      const entries = (Buckets ?? []).map((each): Entry => ({
        kind: "bucket", key: each.Name ?? "", ...(each.CreationDate ? { modified: each.CreationDate } : {}),
      }));
      return { entries: entries.filter((each) => each.key.startsWith(find)) };
    }
    const answer = await client.send(
      new sdk.ListObjectsV2Command({
        Bucket: bucket, Prefix: prefix + find, Delimiter: "/", MaxKeys: ROWS, ContinuationToken: token, EncodingType: "url",
      }),
    );
    const folders = (answer.CommonPrefixes ?? []).map((each): Entry => ({ kind: "folder", key: decoded(each.Prefix) }));
    const objects = (answer.Contents ?? [])
      .map((each): Entry => ({ kind: "object", key: decoded(each.Key), size: each.Size ?? 0, modified: each.LastModified }))
      .filter((each) => each.key !== prefix);
    return { entries: [...folders, ...objects], ...(answer.IsTruncated ? { next: answer.NextContinuationToken } : {}) };
  }

  async head(bucket: string, key: string): Promise<{ size: number; type?: string; modified?: Date; etag?: string }> {
    const { sdk, client } = await this.s3();
    const answer = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { size: answer.ContentLength ?? 0, type: answer.ContentType, modified: answer.LastModified, etag: answer.ETag };
  }

  /** The beginning of an object as text. */
  async beginning(bucket: string, key: string, size: number): Promise<string> {
    if (size === 0) {
      return "";
    }
    const { sdk, client } = await this.s3();
    const range = size > MOST_TEXT ? { Range: `bytes=0-${MOST_TEXT - 1}` } : {};
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    return (await Body?.transformToString()) ?? "";
  }

  /** The whole object, for a picture or the browser's downloads. */
  async content(bucket: string, key: string, type: string): Promise<Blob> {
    const { sdk, client } = await this.s3();
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
    return new Blob([((await Body?.transformToByteArray()) ?? new Uint8Array()) as BlobPart], { type });
  }

  canShow(size: number): boolean {
    return size <= MOST_IMAGE;
  }

  async upload(bucket: string, key: string, file: File): Promise<void> {
    const { sdk, client } = await this.s3();
    try {
      const Body = new Uint8Array(await file.arrayBuffer());
      await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: file.type || undefined }));
    } catch (error) {
      throw new Error(`${file.name}: ${refusal(error)}`);
    }
  }
}

/** Gives content to the browser's downloads. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
