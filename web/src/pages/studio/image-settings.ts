import type { CustomImage, UserSettings } from "@aws-sdk/client-sagemaker";

/** The kinds of apps that run images of one's own, as settings call them. */
export const IMAGE_APPS = ["KernelGatewayAppSettings", "JupyterLabAppSettings", "CodeEditorAppSettings"] as const;

export type ImageApp = (typeof IMAGE_APPS)[number];

function same(one: CustomImage, other: CustomImage): boolean {
  return one.ImageName === other.ImageName && one.ImageVersionNumber === other.ImageVersionNumber;
}

/** What an update has to say so that a domain offers one more image: a list is replaced as a whole. */
export function withImage(settings: UserSettings, app: ImageApp, image: CustomImage): UserSettings {
  const others = (settings[app]?.CustomImages ?? []).filter((each) => !same(each, image));
  return { [app]: { ...settings[app], CustomImages: [...others, image] } };
}

/** What an update has to say so that a domain offers none of some images any more. */
export function withoutImages(settings: UserSettings, gone: { app: ImageApp; image: CustomImage }[]): UserSettings {
  return Object.fromEntries(
    IMAGE_APPS.filter((app) => gone.some((each) => each.app === app)).map((app) => [
      app,
      {
        ...settings[app],
        CustomImages: (settings[app]?.CustomImages ?? []).filter(
          (image) => !gone.some((each) => each.app === app && same(each.image, image)),
        ),
      },
    ]),
  );
}
