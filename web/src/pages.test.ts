import { expect, test } from "vitest";
import { every } from "./pages";

test("every page of a listing is read, an empty one in between too", async () => {
  const pages: Record<string, { items: number[]; next?: string }> = {
    "": { items: [1, 2], next: "a" },
    a: { items: [], next: "b" },
    b: { items: [3] },
  };
  expect(await every(async (token) => pages[token ?? ""] ?? { items: [] })).toEqual([1, 2, 3]);
});
