/** What an app or instance uses, as the server tells it. */
export interface Usage {
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Grows while the same programs run. */
  cpuSeconds: number;
  cpus: number;
}

/** An answer, and when it came in milliseconds. */
export interface Sample extends Usage {
  at: number;
}

export type Level = "calm" | "high" | "full";

/** What a meter shows; `cpu` is the share of all processors, unknown before two answers. */
export interface Load {
  memory: number;
  cpu?: number;
  level: Level;
}

const HIGH = 0.8;
const FULL = 0.95;

/** The load between two answers about the same thing. */
export function loadOf(now: Sample, before: Sample | undefined): Load {
  const memory = now.memoryLimitBytes > 0 ? Math.min(1, now.memoryBytes / now.memoryLimitBytes) : 0;
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  const used = before ? now.cpuSeconds - before.cpuSeconds : -1;
  // a program that ended takes along what it had used
  const cpu = seconds > 0 && used >= 0 ? Math.min(1, used / seconds / Math.max(now.cpus, 0.01)) : undefined;
  return {
    memory,
    ...(cpu === undefined ? {} : { cpu }),
    level: memory >= FULL ? "full" : memory >= HIGH ? "high" : "calm",
  };
}
