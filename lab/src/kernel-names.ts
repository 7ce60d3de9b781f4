/** How AWS puts an image into the name of a kernel: `<kernel>__SAGEMAKER_INTERNAL__<image ARN>[/<version>]`. */
const BETWEEN = "__SAGEMAKER_INTERNAL__";

/** A kernel of an image; `version` where the name pins one. */
export interface ImageKernel {
  kernel: string;
  imageArn: string;
  version?: string;
}

/** The parts of a kernel's name, or undefined where it names no image. */
export function parse(name: string): ImageKernel | undefined {
  const at = name.indexOf(BETWEEN);
  if (at < 1) {
    return undefined;
  }
  const image = name.slice(at + BETWEEN.length);
  const [, arn, version] = /^(arn:[^/]+\/[^/]+)(?:\/([0-9]+))?$/.exec(image) ?? [];
  return arn ? { kernel: name.slice(0, at), imageArn: arn, ...(version ? { version } : {}) } : undefined;
}

/** The name that a kernel of an image has; the ARN of an image's version ends with its number. */
export function compose(kernel: string, imageArn: string, imageVersionArn?: string): string {
  const version = imageVersionArn && /\/([0-9]+)$/.exec(imageVersionArn)?.[1];
  return kernel + BETWEEN + imageArn + (version ? `/${version}` : "");
}
