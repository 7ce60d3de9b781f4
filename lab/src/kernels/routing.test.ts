import { expect, test } from "vitest";
import type { Execution } from "../contract";
import { type Published, Routing, type Target } from "./routing";

class Cell implements Target {
  outputs: Record<string, unknown>[] = [{ output_type: "stream", text: "old" }];
  counted = 0;
  works = false;
  add(output: Record<string, unknown>): number {
    return this.outputs.push(output) - 1;
  }
  set(place: number, output: Record<string, unknown>): void {
    this.outputs[place] = output;
  }
  clear(): void {
    this.outputs = [];
  }
  count(value: number): void {
    this.counted = value;
  }
  busy(value: boolean): void {
    this.works = value;
  }
}

const message = (id: string, type: string, content: Record<string, unknown>, session = "before"): Published => ({
  header: { msg_type: type }, parent_header: { msg_id: id, session }, content,
});
const execution = (msgId: string, cellId: string, more: Partial<Execution> = {}): Execution => ({
  msgId, cellId, path: "a.ipynb", started: "2026-11-21T00:00:00Z", ...more,
});

function opened() {
  const cells: Record<string, Cell> = { one: new Cell(), two: new Cell() };
  return { cells, routing: new Routing("mine", "a.ipynb", (id) => cells[id]) };
}

test("what came before the server told is not lost, and comes in order", () => {
  const { cells, routing } = opened();
  routing.take(message("m", "stream", { name: "stdout", text: "1" }));
  routing.take(message("m", "stream", { name: "stdout", text: "2" }));
  expect(cells.one?.outputs).toHaveLength(1);
  routing.learn([execution("m", "one")]);
  expect(cells.one?.outputs.map((each) => each.text)).toEqual(["old", "1", "2"]);
  expect(cells.one?.works).toBe(true);
});

test("a cell at work is marked until the kernel says that it is idle", () => {
  const { cells, routing } = opened();
  routing.learn([execution("m", "one"), execution("n", "two", { finished: "2026-11-21T00:01:00Z" })]);
  expect([cells.one?.works, cells.two?.works]).toEqual([true, false]);
  routing.take(message("m", "status", { execution_state: "idle" }));
  expect(cells.one?.works).toBe(false);
});

test("an execution that is told from its beginning replaces what the file kept", () => {
  const { cells, routing } = opened();
  routing.learn([execution("m", "one")]);
  routing.take(message("m", "execute_input", { execution_count: 7, code: "x" }));
  routing.take(message("m", "execute_result", { data: { "text/plain": "1" }, metadata: {}, execution_count: 7 }));
  expect(cells.one?.counted).toBe(7);
  expect(cells.one?.outputs).toEqual([{ output_type: "execute_result", data: { "text/plain": "1" }, metadata: {}, execution_count: 7 }]);
});

test("a display is updated wherever it was shown", () => {
  const { cells, routing } = opened();
  routing.learn([execution("m", "one"), execution("n", "two")]);
  const shown = (value: string) => ({ data: { "text/plain": value }, metadata: {}, transient: { display_id: "d" } });
  routing.take(message("m", "display_data", shown("1")));
  routing.take(message("n", "display_data", shown("1")));
  routing.take(message("n", "update_display_data", shown("2")));
  expect(cells.one?.outputs[1]).toEqual({ output_type: "display_data", data: { "text/plain": "2" }, metadata: {} });
  expect(cells.two?.outputs[1]).toEqual({ output_type: "display_data", data: { "text/plain": "2" }, metadata: {} });
});

test("what this page asked for, other documents and cells that are gone are left alone", () => {
  const { cells, routing } = opened();
  routing.learn([execution("m", "one"), execution("o", "one", { path: "b.ipynb" }), execution("p", "gone")]);
  routing.take(message("m", "stream", { name: "stdout", text: "mine" }, "mine"));
  routing.take(message("o", "stream", { name: "stdout", text: "other" }));
  routing.take(message("p", "stream", { name: "stdout", text: "gone" }));
  expect(cells.one?.outputs).toHaveLength(1);
  expect(cells.two?.outputs).toHaveLength(1);
});

test("an execution that nobody told of is asked for, and what comes meanwhile waits", () => {
  const { cells, routing } = opened();
  routing.learn([]);
  const begun = message("m", "execute_input", { execution_count: 1 });
  expect(routing.take(message("m", "status", { execution_state: "busy" }))).toBe(false);
  expect(routing.take(begun)).toBe(true);
  routing.wait();
  routing.take(begun);
  routing.take(message("m", "stream", { name: "stdout", text: "1" }));
  routing.learn([execution("m", "one")]);
  expect(cells.one?.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "1" }]);
  expect(cells.one?.counted).toBe(1);
});

test("nothing works any more once the kernel is gone", () => {
  const { cells, routing } = opened();
  routing.learn([execution("m", "one")]);
  routing.end();
  expect(cells.one?.works).toBe(false);
});
