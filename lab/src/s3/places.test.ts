import { expect, test } from "vitest";
import { crumbs, imageType, nameOf, shownAs, uriOf } from "./places";

test("the way to a place leads over each of its folders", () => {
  expect(crumbs({ prefix: "" }).map((each) => each.label)).toEqual(["S3"]);
  expect(crumbs({ bucket: "b", prefix: "raw/2026/" })).toEqual([
    { label: "S3", place: { prefix: "" } },
    { label: "b", place: { bucket: "b", prefix: "" } },
    { label: "raw", place: { bucket: "b", prefix: "raw/" } },
    { label: "2026", place: { bucket: "b", prefix: "raw/2026/" } },
  ]);
  expect(crumbs({ bucket: "b", prefix: "a//" }).map((each) => each.place.prefix)).toEqual(["", "", "a/", "a//"]);
});

test("keys are called by their last part", () => {
  expect(["raw/a.csv", "raw/", "a", "a//"].map(nameOf)).toEqual(["a.csv", "raw", "a", "a//"]);
  expect(uriOf("b", "raw/a b.csv")).toBe("s3://b/raw/a b.csv");
});

test("pictures that could hold scripts are not shown as pictures", () => {
  expect(["a.csv", "A.PNG", "a.svg", "a.bin", "LICENSE"].map((key) => shownAs(key, undefined)))
    .toEqual(["text", "image", "none", "none", "none"]);
  expect(shownAs("a", "text/plain; charset=utf-8")).toBe("text");
  expect(imageType("a.jpg")).toBe("image/jpeg");
});
