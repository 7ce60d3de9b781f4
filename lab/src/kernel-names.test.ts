import { expect, test } from "vitest";
import { compose, parse } from "./kernel-names";

const IMAGE = "arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0";

test("a kernel's name holds its image, and its version if one is pinned", () => {
  expect(parse(`python3__SAGEMAKER_INTERNAL__${IMAGE}`)).toEqual({ kernel: "python3", imageArn: IMAGE });
  expect(parse(`conda-env-x__SAGEMAKER_INTERNAL__${IMAGE}/12`)).toEqual({ kernel: "conda-env-x", imageArn: IMAGE, version: "12" });
});

test("what names no image is no kernel of one", () => {
  for (const name of ["", "python3", "__SAGEMAKER_INTERNAL__", `__SAGEMAKER_INTERNAL__${IMAGE}`, "python3__SAGEMAKER_INTERNAL__x",
    `python3__SAGEMAKER_INTERNAL__${IMAGE}/latest`]) {
    expect(parse(name), name).toBeUndefined();
  }
});

test("names that are put together can be taken apart", () => {
  const version = "arn:aws:sagemaker:us-east-1:123456789012:image-version/team/2";
  expect(parse(compose("python3", IMAGE, version))).toEqual({ kernel: "python3", imageArn: IMAGE, version: "2" });
  expect(compose("python3", IMAGE)).toBe(`python3__SAGEMAKER_INTERNAL__${IMAGE}`);
});
