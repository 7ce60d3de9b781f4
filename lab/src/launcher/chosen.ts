import type { Environment, Image } from "../contract";

const KEPT = "atelier.launcher.environment";

interface Kept {
  image?: string;
  kernel?: string;
  instanceType?: string;
  script?: string | null;
}

/** The environment that new notebooks get: what was chosen last, else the first image at its own size. */
export function chosen(images: Image[], kept: string | null): Environment | undefined {
  let last: Kept = {};
  try {
    last = (JSON.parse(kept ?? "{}") as Kept | null) ?? {};
  } catch {
    // what somebody else wrote there is no choice
  }
  const image = images.find((each) => each.imageArn === last.image) ?? images[0];
  const same = image?.imageArn === last.image;
  const kernel = (same ? image?.kernels.find((each) => each.name === last.kernel) : undefined) ?? image?.kernels[0];
  return image && kernel
    ? {
        image,
        kernel,
        instanceType: (same ? last.instanceType : undefined) ?? image.defaultInstanceType,
        script: same && typeof last.script === "string" ? last.script : null,
      }
    : undefined;
}

export function remembered(): string | null {
  return localStorage.getItem(KEPT);
}

export function remember({ image, kernel, instanceType, script }: Environment): void {
  const kept: Kept = { image: image.imageArn, kernel: kernel.name, instanceType, script };
  localStorage.setItem(KEPT, JSON.stringify(kept));
}
