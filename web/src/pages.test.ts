import { expect, test } from "vitest";
import { every, filled, untilFound, type Page } from "./pages";

/** A search whose pages are handed out one by one; the tokens that were asked for are noted. */
function search(pages: Record<string, Page<string>>) {
  const asked: string[] = [];
  const load = untilFound<string>(async (token = "first") => {
    asked.push(token);
    const page = pages[token];
    if (!page) {
      throw new Error(`no page ${token}`);
    }
    return page;
  });
  return { load, asked };
}

const going = new AbortController().signal;

test("a search that has found nothing yet goes on to its first events", async () => {
  const { load, asked } = search({
    first: { items: [], next: "a" },
    a: { items: [], next: "b" },
    b: { items: ["event"], next: "c" },
    c: { items: ["later"] },
  });
  expect(await load(undefined, going)).toEqual({ items: ["event"], next: "c" });
  expect(asked).toEqual(["first", "a", "b"]);
});

test("a search that finds nothing goes on to its end", async () => {
  const { load, asked } = search({ first: { items: [], next: "a" }, a: { items: [], next: "b" }, b: { items: [] } });
  expect(await load(undefined, going)).toEqual({ items: [] });
  expect(asked).toEqual(["first", "a", "b"]);
});

test("a search that nobody waits for ends, and one that fails says so", async () => {
  const gone = new AbortController();
  gone.abort();
  const left = search({ first: { items: [], next: "a" }, a: { items: ["event"] } });
  await expect(left.load(undefined, gone.signal)).rejects.toThrow();
  expect(left.asked).toEqual(["first"]);
  await expect(search({ first: { items: [], next: "b" } }).load(undefined, going)).rejects.toThrow("no page b");
});

test("an empty page is one to turn to only where it is the first", () => {
  const page = { items: ["event"], next: "a" };
  expect(filled([page, { items: [] }])).toEqual([page]);
  expect(filled([{ items: [] }])).toEqual([{ items: [] }]);
});

test("every page of a listing is read, an empty one in between too", async () => {
  const pages: Record<string, { items: number[]; next?: string }> = {
    "": { items: [1, 2], next: "a" },
    a: { items: [], next: "b" },
    b: { items: [3] },
  };
  expect(await every(async (token) => pages[token ?? ""] ?? { items: [] })).toEqual([1, 2, 3]);
});
