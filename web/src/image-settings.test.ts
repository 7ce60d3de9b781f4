import { expect, test } from "vitest";
import { withImage, withoutImages } from "./pages/studio/image-settings";

const kernel = { ImageName: "tools", AppImageConfigName: "kernels" };
const before = {
  ExecutionRole: "arn:aws:iam::1:role/R",
  KernelGatewayAppSettings: { LifecycleConfigArns: ["a"], CustomImages: [kernel, { ...kernel, ImageVersionNumber: 2 }] },
};

test("attaching names the whole list of one kind of app, and leaves all else unsaid", () => {
  const other = { ImageName: "more", AppImageConfigName: "kernels" };
  expect(withImage(before, "KernelGatewayAppSettings", other)).toEqual({
    KernelGatewayAppSettings: {
      LifecycleConfigArns: ["a"],
      CustomImages: [kernel, { ...kernel, ImageVersionNumber: 2 }, other],
    },
  });
  expect(withImage(before, "JupyterLabAppSettings", other)).toEqual({ JupyterLabAppSettings: { CustomImages: [other] } });
});

test("what is attached anew takes the place of the same version", () => {
  const again = { ImageName: "tools", AppImageConfigName: "others" };
  expect(withImage(before, "KernelGatewayAppSettings", again).KernelGatewayAppSettings?.CustomImages).toEqual([
    { ...kernel, ImageVersionNumber: 2 },
    again,
  ]);
});

test("detaching takes the very version away, the last one leaves an empty list", () => {
  const app = "KernelGatewayAppSettings" as const;
  expect(withoutImages(before, [{ app, image: kernel }])).toEqual({
    [app]: { LifecycleConfigArns: ["a"], CustomImages: [{ ...kernel, ImageVersionNumber: 2 }] },
  });
  expect(withoutImages({ [app]: { CustomImages: [kernel] } }, [{ app, image: kernel }])).toEqual({ [app]: { CustomImages: [] } });
});
