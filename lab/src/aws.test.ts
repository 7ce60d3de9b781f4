import { expect, test } from "vitest";
import { keepDots } from "./aws";

test("a key with dot segments travels in a header, any other in the address", () => {
  const dotted = { path: "/aws/s3/bucket/a/../b", headers: {} as Record<string, string> };
  keepDots(dotted);
  expect(dotted).toEqual({ path: "/aws/s3/", headers: { "X-Atelier-Path": btoa("/bucket/a/../b") } });
  const plain = { path: "/aws/s3/bucket/a..b/c", headers: {} };
  keepDots(plain);
  expect(plain).toEqual({ path: "/aws/s3/bucket/a..b/c", headers: {} });
});
