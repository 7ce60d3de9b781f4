import { expect, test } from "vitest";
import { asked, readOnly } from "./snapshots";

test("an address asks for a snapshot once", () => {
  const found = asked("http://app1.studio.localhost:1/jupyter/default/lab?reset&atelier-snapshot=a-b_c#top");
  expect(found?.id).toBe("a-b_c");
  expect(found?.rest).toBe("http://app1.studio.localhost:1/jupyter/default/lab?reset=#top");
  expect(asked(found?.rest ?? "")).toBeUndefined();
});

test("nothing of another's notebook is trusted or can be edited", () => {
  const cell = { cell_type: "code", source: "1", outputs: [], execution_count: 1, metadata: { trusted: true, tags: ["a"] } };
  const shown = readOnly({ nbformat: 4, nbformat_minor: 5, metadata: { a: 1 }, cells: [cell] } as never);
  expect(shown.metadata).toEqual({ a: 1, language_info: { name: "python" } });
  expect(shown.cells[0]?.metadata).toEqual({ tags: ["a"], editable: false, deletable: false });
  expect(cell.metadata.trusted).toBe(true);
});
