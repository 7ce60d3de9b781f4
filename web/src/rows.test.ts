import { expect, test } from "vitest";
import { kindOf } from "./live";
import { gathered, kept } from "./rows";

interface Row {
  name: string;
  status: string;
}
const row = (name: string, status = "Pending"): Row => ({ name, status });
const name = (each: Row) => each.name;

test("held rows stay in their places, change what they say, and what is new is counted", () => {
  const shown = [row("b"), row("a")];
  const now = [row("d"), row("a", "InService"), row("c"), row("b", "Failed")];
  expect(kept(shown, now, name)).toEqual({
    items: [row("b", "Failed"), row("a", "InService")],
    fresh: 2,
    gone: 0,
  });
});

test("a held row that is gone stays where it was", () => {
  expect(kept([row("a"), row("b")], [row("b")], name)).toEqual({ items: [row("a"), row("b")], fresh: 0, gone: 1 });
});

test("a list reads its pages to the end, or up to the most that it shows", async () => {
  const load = async (token = "0") => ({ items: [token, `${token}'`], next: Number(token) < 4 ? String(Number(token) + 1) : undefined });
  expect(await gathered(load)).toEqual({ items: ["0", "0'", "1", "1'", "2", "2'", "3", "3'", "4", "4'"], more: false });
  expect(await gathered(load, 3)).toEqual({ items: ["0", "0'", "1", "1'"], more: true });
});

test("an ARN tells the kind of its resource", () => {
  expect(kindOf("arn:aws:sagemaker:us-east-1:123456789012:training-job/a")).toBe("training-job");
  expect(kindOf("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:a/b")).toBe("alarm");
  expect(kindOf("churn-data")).toBe("");
});
