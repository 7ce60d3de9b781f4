import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Running } from "./contract";
import { Refused } from "./own-api";
import { Studio } from "./studio";

const NOTHING: Running = { instances: [], apps: [], kernels: [], terminals: [] };
const ME = { domainId: "d-1", userProfileName: "dana", region: "us-east-1", account: "1", executionRole: "r", appType: "JupyterServer" };

/** A server that answers what it is told to, and keeps what it was asked. */
class FakeServer {
  readonly asked: { method: string; address: string; body?: unknown }[] = [];
  readonly answers = new Map<string, { status?: number; body?: unknown }>([
    ["GET /studio-api/me", { body: ME }],
    ["GET /studio-api/running", { body: NOTHING }],
    ["GET /studio-api/instance-types", { body: [] }],
    ["GET /studio-api/images", { body: [] }],
  ]);
  readonly sources: FakeSource[] = [];

  readonly send = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const asked = `${init?.method} ${String(input)}`;
    this.asked.push({ method: init?.method ?? "", address: String(input), ...(init?.body ? { body: JSON.parse(String(init.body)) } : {}) });
    const { status = 200, body } = this.answers.get(asked) ?? { status: 404, body: { message: `no ${asked}` } };
    return new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), { status });
  }) as typeof fetch;

  readonly follows = (address: string) => {
    const source = new FakeSource(address);
    this.sources.push(source);
    return source as unknown as EventSource;
  };
}

class FakeSource extends EventTarget {
  readyState = 1;
  constructor(readonly address: string) {
    super();
  }
  tell(running: Running): void {
    this.dispatchEvent(new MessageEvent("running", { data: JSON.stringify(running) }));
  }
  end(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }
}

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
});

afterEach(() => {
  vi.useRealTimers();
});

const studio = () => new Studio("/jupyter/default/", server.send, server.follows);

test("a server without Studio is left alone", async () => {
  server.answers.delete("GET /studio-api/me");
  const plain = studio();
  expect(await plain.ready).toBeUndefined();
  expect(server.asked).toHaveLength(1);
  expect(server.sources).toHaveLength(0);
});

test("what runs is followed, and whoever listens is told", async () => {
  const known = studio();
  expect(await known.ready).toEqual(ME);
  await vi.advanceTimersByTimeAsync(0);
  let told = 0;
  known.changed.connect(() => (told += 1));
  const running = { ...NOTHING, terminals: [{ name: "1" }] };
  server.sources[0]?.tell(running);
  expect(known.running).toEqual(running);
  expect(told).toBe(1);
});

test("a source that ends for good is opened again, ever later, and at once in time after it spoke", async () => {
  await studio().ready;
  const ends = async (after: number) => {
    const count = server.sources.length;
    server.sources.at(-1)?.end();
    await vi.advanceTimersByTimeAsync(after - 1);
    expect(server.sources).toHaveLength(count);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.sources).toHaveLength(count + 1);
  };
  await ends(2_000);
  await ends(4_000);
  await ends(8_000);
  server.sources.at(-1)?.tell(NOTHING);
  await ends(2_000);
});

test("a kernel is asked for by image, size and script, in AWS's members", async () => {
  server.answers.set("POST /jupyter/default/api/kernels", { status: 201, body: { id: "k", name: "n" } });
  const known = studio();
  expect(await known.startKernel({ name: "n", path: "a.ipynb", instanceType: "ml.t3.medium", script: "arn" })).toEqual({ id: "k", name: "n" });
  expect(server.asked.findLast((each) => each.method === "POST")?.body).toEqual({ name: "n", path: "a.ipynb", instance_type: "ml.t3.medium", lcc_arn: "arn" });
  await known.startKernel({ name: "n", path: "a.ipynb", instanceType: "ml.t3.medium" });
  expect(server.asked.findLast((each) => each.method === "POST")?.body).toEqual({ name: "n", path: "a.ipynb", instance_type: "ml.t3.medium" });
});

test("a refusal is told in the server's words", async () => {
  const known = studio();
  server.answers.set("POST /jupyter/default/api/kernels", { status: 403, body: { message: "not allowed to CreateApp" } });
  await expect(known.startKernel({ name: "n", path: "", instanceType: "t" })).rejects.toThrow("not allowed to CreateApp");
  server.answers.set("POST /jupyter/default/api/kernels", { status: 502, body: "<html>a page</html>" });
  await expect(known.startKernel({ name: "n", path: "", instanceType: "t" })).rejects.toSatisfy(
    (error) => error instanceof Refused && error.status === 502 && !error.message.includes("<"),
  );
});

test("stopping what is gone already is no failure; a refusal is one", async () => {
  const known = studio();
  await expect(known.stopInstance("ml.t3.medium")).resolves.toBeUndefined();
  server.answers.set("DELETE /studio-api/apps/KernelGateway/a%2Fb", { status: 403, body: { message: "no" } });
  await expect(known.stopApp("KernelGateway", "a/b")).rejects.toThrow("no");
});

test("a list that failed is asked for again", async () => {
  const known = studio();
  await known.ready;
  server.answers.set("GET /studio-api/instance-types", { status: 500, body: { message: "later" } });
  await expect(known.instanceTypes(true)).rejects.toThrow("later");
  server.answers.set("GET /studio-api/instance-types", { body: [{ name: "ml.t3.medium" }] });
  expect(await known.instanceTypes()).toEqual([{ name: "ml.t3.medium" }]);
  expect(known.knownTypes).toHaveLength(1);
});

test("start-up scripts are none where the server knows of none", async () => {
  expect(await studio().scripts()).toEqual([]);
});
