import type { Execution } from "../contract";

/** The parts of a kernel's message that outputs are made of. */
export interface Published {
  header: { msg_type: string };
  parent_header: { msg_id?: string; session?: string };
  content: Record<string, unknown>;
}

/** A cell's outputs, as far as messages change them. */
export interface Target {
  add(output: Record<string, unknown>): number;
  set(place: number, output: Record<string, unknown>): void;
  clear(wait: boolean): void;
  count(value: number): void;
  busy(value: boolean): void;
}

/** How many messages are kept until it is known what they belong to. */
const MOST_KEPT = 20_000;
const OUTPUTS = new Set(["stream", "display_data", "execute_result", "error"]);

/**
 * Leads what a kernel publishes for executions that this page did not ask for into the cells that they belong to: after a
 * reload the page knows the cells, and the server knows which message belongs to which.
 */
export class Routing {
  private readonly cells = new Map<string, string>();
  private readonly displays = new Map<string, { target: Target; place: number }[]>();
  private kept: Published[] | undefined = [];

  /**
   * @param own the session of this page at the kernel: what it asked for, it shows by itself
   * @param path of the document
   * @param find a cell by its id; undefined where the document has no such cell any more
   */
  constructor(
    private readonly own: string,
    private readonly path: string,
    private readonly find: (cellId: string) => Target | undefined,
  ) {}

  /** Takes what the server knows; messages that came before are led to their cells now. */
  learn(executions: Execution[]): void {
    for (const { msgId, cellId, path, finished } of executions) {
      if (path === this.path && !this.cells.has(msgId)) {
        this.cells.set(msgId, cellId);
        if (!finished) {
          this.find(cellId)?.busy(true);
        }
      }
    }
    const kept = this.kept ?? [];
    this.kept = undefined;
    kept.forEach((message) => this.take(message));
  }

  /** Whether the message belongs to something that nobody told of: the server may know more by now. */
  take(message: Published): boolean {
    const { msg_id: id, session } = message.parent_header;
    if (!id || session === this.own) {
      return false;
    }
    if (this.kept) {
      if (this.kept.length < MOST_KEPT) {
        this.kept.push(message);
      }
      return false;
    }
    const cell = this.cells.get(id);
    if (cell === undefined) {
      return message.header.msg_type === "execute_input";
    }
    const target = this.find(cell);
    if (target) {
      this.apply(message, target);
    }
    return false;
  }

  /** Before more is asked for: what comes meanwhile waits for the answer. */
  wait(): void {
    this.kept ??= [];
  }

  /** The kernel is gone or new: nothing of it is at work any more. */
  end(): void {
    new Set(this.cells.values()).forEach((cell) => this.find(cell)?.busy(false));
    this.cells.clear();
    this.displays.clear();
  }

  private apply({ header: { msg_type: type }, content }: Published, target: Target): void {
    if (OUTPUTS.has(type)) {
      const { transient, ...output } = content as { transient?: { display_id?: string } };
      const place = target.add({ ...output, output_type: type });
      if (type === "execute_result") {
        target.count(Number(content.execution_count));
      }
      const id = transient?.display_id;
      if (id) {
        this.displays.set(id, [...(this.displays.get(id) ?? []), { target, place }]);
      }
    } else if (type === "update_display_data") {
      const { transient, ...output } = content as { transient?: { display_id?: string } };
      this.displays.get(transient?.display_id ?? "")?.forEach((shown) =>
        shown.target.set(shown.place, { ...output, output_type: "display_data" }));
    } else if (type === "clear_output") {
      target.clear(content.wait === true);
    } else if (type === "execute_input") {
      // all of this execution follows: what the file kept of it would stand there twice
      target.clear(false);
      target.count(Number(content.execution_count));
    } else if (type === "status") {
      target.busy(content.execution_state === "busy");
    }
  }
}
