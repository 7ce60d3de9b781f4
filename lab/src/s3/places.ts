/** A place in the object store: nothing is chosen, a bucket, or what lies under a prefix of it. */
export interface Place {
  bucket?: string;
  /** Ends with a slash, or is empty. */
  prefix: string;
}

export interface Crumb {
  label: string;
  place: Place;
}

/** The way from the list of buckets to a place. */
export function crumbs({ bucket, prefix }: Place): Crumb[] {
  const way: Crumb[] = [{ label: "S3", place: { prefix: "" } }];
  if (bucket === undefined) {
    return way;
  }
  way.push({ label: bucket, place: { bucket, prefix: "" } });
  const parts = prefix.split("/").slice(0, -1);
  parts.forEach((part, at) => way.push({ label: part || "/", place: { bucket, prefix: `${parts.slice(0, at + 1).join("/")}/` } }));
  return way;
}

/** What a key is called in its folder. */
export function nameOf(key: string): string {
  return key.replace(/\/$/, "").split("/").pop() || key;
}

export const uriOf = (bucket: string, key: string): string => `s3://${bucket}/${key}`;

export type Shown = "text" | "image" | "none";

const TEXTS = new Set(["txt", "csv", "tsv", "json", "jsonl", "md", "py", "yml", "yaml", "log", "xml", "html", "sh", "toml", "ini", "sql", "r", "ipynb"]);
const IMAGES: Record<string, string> = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" };

const endingOf = (key: string): string => (/\.([A-Za-z0-9]+)$/.exec(key)?.[1] ?? "").toLowerCase();

/** How an object can be looked at; pictures that could hold scripts are not shown as such. */
export function shownAs(key: string, contentType: string | undefined): Shown {
  const ending = endingOf(key);
  if (IMAGES[ending]) {
    return "image";
  }
  return TEXTS.has(ending) || /^text\/|json|csv|xml/.test(contentType ?? "") ? "text" : "none";
}

export const imageType = (key: string): string => IMAGES[endingOf(key)] ?? "application/octet-stream";
